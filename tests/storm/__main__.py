import sys
from tests.storm.draw import draw
from tests.storm.world import World
import time
a=[int(x) for x in sys.argv[1:] if x.isdigit()]; n=a[0]; m=a[1] if len(a)>1 else n+1
calm='--calm' in sys.argv
t0=time.monotonic()
bad=0
for seed in range(n,m):
    e=draw(seed,is_calm=calm)
    w=World(e)
    if m==n+1: w.watcher.is_traced='-v' in sys.argv
    try: w.play()
    except Exception as x:
        print(seed,'RAISED',repr(x)); 
        if m==n+1: raise
        continue
    if w.watcher.findings or m==n+1:
        bad+=bool(w.watcher.findings)
        if m==n+1:
            print(e.text())
            for at,s in w.watcher.trace: print(f'{at/1000:9.2f} {s}')
        for f in w.watcher.findings: print(seed,f)
dt=time.monotonic()-t0
print(f'{(m-n)/dt:.1f}/s, {bad} bad of {m-n}')
