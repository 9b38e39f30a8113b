"""Entities of Home Assistant, lent to relax: each speaks on MQTT a dialect that relax has already."""
