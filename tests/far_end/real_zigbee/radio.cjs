// Preloaded into a real Zigbee2MQTT (node --require): its radio is replaced by lamps that stand here, one an endpoint.
//
// What the bridge and its converters do is real; how a lamp fades is one plausible lamp's way. Environment: Z2M (a
// folder with node_modules/zigbee2mqtt), LAMPS (made by home.mjs), FRAMES: there goes every radio frame as a line of
// JSON, and ten times a second how each lamp is that has changed.
const {createRequire} = require("node:module");
const fs = require("node:fs");
const path = require("node:path");
const need = createRequire(process.env.Z2M + "/node_modules/zigbee2mqtt/package.json");
const root = path.dirname(need.resolve("zigbee-herdsman"));
const {Adapter} = require(root + "/adapter/adapter.js");
const Zcl = require(root + "/zspec/zcl/index.js");

const specs = JSON.parse(fs.readFileSync(process.env.LAMPS, "utf8"));
const out = fs.openSync(process.env.FRAMES, "a");
const log = (entry) => fs.writeSync(out, JSON.stringify({t: Date.now() / 1000, ...entry}) + "\n");
const ON_THE_AIR = 15; // milliseconds from a command to its answer

const SEEN = {on: "onOff", level: "currentLevel", mode: "colorMode", mired: "colorTemperature", x: "currentX",
    y: "currentY", hue: "enhancedCurrentHue", saturation: "currentSaturation"};

class Lamp {
    constructor(spec, endpoint) {
        this.traps = spec.traps;
        this.name = spec.lights[endpoint]; // none: an endpoint that shines nothing
        this.at = {onOff: 1, currentLevel: 254, colorTemperature: 370, currentX: 30000, currentY: 26000, colorMode: 2,
            onLevel: 255, enhancedCurrentHue: 5000, currentSaturation: 120, ...spec.attributes, ...spec.before[this.name]};
        this.fades = {};
        this.outAt = 0;
    }

    has(trap) { return this.traps.includes(trap); }

    get(key) {
        if (key === "state") return this.stateOfHue();
        if (key === "currentHue") return Math.round(this.get("enhancedCurrentHue") * 254 / 65535);
        this.settle();
        const fade = this.fades[key];
        if (!fade) return this.at[key];
        return Math.round(fade.from + (fade.to - fade.from) * (Date.now() - fade.start) / (fade.end - fade.start));
    }

    // What Hue's own cluster says all at once: flags, on, level, white, x and y.
    stateOfHue() {
        const bytes = Buffer.alloc(this.at.colorMode === 2 ? 10 : 8);
        bytes.writeUInt16LE(this.at.colorMode === 2 ? 0x0f : 0x0b, 0);
        bytes.writeUInt8(this.get("onOff"), 2);
        bytes.writeUInt8(this.get("currentLevel"), 3);
        if (this.at.colorMode === 2) bytes.writeUInt16LE(this.get("colorTemperature"), 4);
        bytes.writeUInt16LE(this.get("currentX"), bytes.length - 4);
        bytes.writeUInt16LE(this.get("currentY"), bytes.length - 2);
        return bytes;
    }

    settle() {
        const now = Date.now();
        for (const [key, fade] of Object.entries(this.fades)) if (now >= fade.end) { this.at[key] = fade.to; delete this.fades[key]; }
        if (this.outAt && now >= this.outAt) { this.outAt = 0; if (!this.has("stays lit")) this.at.onOff = 0; }
    }

    move(key, to, tenths) {
        const now = Date.now(), length = tenths * 100 / (this.has("three times as fast") ? 3.3 : 1);
        this.fades[key] = {from: this.get(key), to, start: now, end: now + length};
    }

    stand(...keys) { for (const key of keys) if (this.fades[key]) { this.at[key] = this.get(key); delete this.fades[key]; } }

    get isFading() { this.settle(); return Object.keys(this.fades).length > 0; }

    take(command, given) {
        if (this.has("deaf") && this.isFading && /oveTo/.test(command)) { log({lamp: this.name, ignored: command}); return; }
        const tenths = given.transtime ?? 0, one = this.has("level or colour");
        switch (command) {
            case "on": this.at.onOff = 1; this.outAt = 0; return;
            case "off": this.at.onOff = 0; this.outAt = 0; this.stand("currentLevel"); return;
            case "toggle": this.at.onOff ^= 1; return;
            case "stop": case "stopWithOnOff": this.stand(...Object.keys(this.fades)); return;
            case "moveToLevel": case "moveToLevelWithOnOff": return this.takeLevel(command, given.level, tenths, one);
            case "moveToColorTemp": this.at.colorMode = 2; this.move("colorTemperature", given.colortemp, tenths); break;
            case "moveToColor": this.at.colorMode = 1; this.move("currentX", given.colorx, tenths); this.move("currentY", given.colory, tenths); break;
            case "enhancedMoveToHueAndSaturation": this.takeHue(given.enhancehue, given.saturation, tenths); break;
            case "moveToHueAndSaturation": this.takeHue(given.hue * 65535 / 254, given.saturation, tenths); break;
            default: return;
        }
        if (one && tenths > 0) this.stand("currentLevel"); // a colour that fades ends the level's fade where it is
    }

    takeLevel(command, level, tenths, one) {
        const switches = command === "moveToLevelWithOnOff";
        if (!switches && !this.at.onOff) return;
        this.outAt = 0;
        if (switches && level > 0 && !this.at.onOff) { this.at.onOff = 1; this.at.currentLevel = 1; delete this.fades.currentLevel; }
        this.move("currentLevel", Math.max(level, 1), tenths);
        if (switches && level === 0) this.outAt = Math.max(this.fades.currentLevel.end, 1);
        if (one) this.stand("colorTemperature", "currentX", "currentY");
    }

    takeHue(hue, saturation, tenths) {
        this.at.colorMode = 0;
        this.move("enhancedCurrentHue", Math.round(hue), tenths);
        this.move("currentSaturation", Math.round(saturation), tenths);
    }

    get seen() { return Object.fromEntries(Object.entries(SEEN).map(([word, key]) => [word, this.get(key)])); }
}

class LampsOnTheAir extends Adapter {
    constructor(...given) {
        super(...given);
        this.lamps = new Map(specs.flatMap((spec) => spec.endpoints.map((endpoint) => [`${spec.nwk}/${endpoint}`, Object.assign(new Lamp(spec, endpoint), {spec, endpoint})])));
        this.shown = new Map();
    }

    async start() { this.timers = [setInterval(() => this.report(), 1000), setInterval(() => this.sample(), 100)]; return "resumed"; }
    async stop() { this.sample(); this.timers.forEach(clearInterval); }
    async getCoordinatorIEEE() { return "0x00124b00fa4e0001"; }
    async getCoordinatorVersion() { return {type: "zStack3x0", meta: {revision: 20240710}}; }
    async reset() {}
    async supportsBackup() { return false; }
    async backup() { throw new Error("none"); }
    async getNetworkParameters() { const n = this.networkOptions; return {panID: n.panID, extendedPanID: "0xdddddddddddddddd", channel: n.channelList[0], nwkUpdateID: 0}; }
    async addInstallCode() {}
    waitFor() { return {promise: new Promise(() => {}), cancel() {}}; }
    async sendZdo(ieee, nwk, cluster, payload, isUnanswered) { if (!isUnanswered) return [0, {status: 0, nwkAddress: nwk, entryList: [], bindingTable: []}]; }
    async permitJoin() {}
    async sendZclFrameToAll() {}
    async setChannelInterPAN() {}
    async sendZclFrameInterPANToIeeeAddr() {}
    async sendZclFrameInterPANBroadcast() {}
    async restoreChannelInterPAN() {}

    payload(nwk, endpoint, frame) {
        const data = frame.toBuffer();
        return {clusterID: frame.cluster.ID, address: nwk, header: Zcl.Header.fromBuffer(data), data, endpoint, linkquality: 120, groupID: 0, wasBroadcast: false, destinationEndpoint: 1};
    }

    reply(nwk, endpoint, asked, command, payload) {
        const {manufacturerCode, transactionSequenceNumber} = asked.header;
        return this.payload(nwk, endpoint, Zcl.Frame.create(0, 1, true, manufacturerCode, transactionSequenceNumber, command, asked.cluster, payload, {}));
    }

    answer(lamp, frame) {
        const {nwk} = lamp.spec;
        return this.reply(nwk, lamp.endpoint, frame, "readRsp", frame.payload.map(({attrId}) => {
            const attribute = Object.values(frame.cluster.attributes).find((each) => each.ID === attrId);
            const value = attribute && lamp.get(attribute.name);
            return value === undefined ? {attrId, status: 0x86} : {attrId, status: 0, dataType: attribute.type, attrData: value};
        }));
    }

    async sendZclFrameToEndpoint(ieee, nwk, endpoint, frame, timeout, isUnanswered) {
        const lamp = this.lamps.get(`${nwk}/${endpoint}`), command = frame.command.name;
        const about = {lamp: lamp?.name, cluster: frame.cluster.name, command};
        let hex;
        try { hex = frame.toBuffer().toString("hex"); } catch (error) { log({...about, refused: error.message}); throw error; }
        log({...about, payload: frame.payload, hex});
        await new Promise((resolve) => setTimeout(resolve, ON_THE_AIR));
        if (!lamp) throw new Error("no such device");
        if (command === "read") { const said = this.answer(lamp, frame); setImmediate(() => this.emit("zclPayload", said)); return said; }
        if (frame.header.frameControl.frameType === 0) {
            if (isUnanswered) return;
            if (command === "write") return this.reply(nwk, endpoint, frame, "writeRsp", [{status: 0}]);
            if (command === "configReport") return this.reply(nwk, endpoint, frame, "configReportRsp", [{status: 0}]);
            return;
        }
        lamp.take(command, frame.payload);
        if (!isUnanswered) return this.reply(nwk, endpoint, frame, "defaultRsp", {cmdId: frame.command.ID, statusCode: 0});
    }

    async sendZclFrameToGroup(group, frame) {
        log({group, cluster: frame.cluster.name, command: frame.command.name, payload: frame.payload, hex: frame.toBuffer().toString("hex")});
        for (const lamp of this.lamps.values()) {
            if (!lamp.spec.groups.includes(group) || lamp.endpoint !== lamp.spec.endpoints[0]) continue;
            if (frame.command.name !== "read") lamp.take(frame.command.name, frame.payload);
            else setTimeout(() => this.emit("zclPayload", this.answer(lamp, frame)), 2 * ON_THE_AIR);
        }
    }

    // Some lamps say by themselves how bright they are, on the way as well.
    report() {
        for (const lamp of this.lamps.values()) {
            const level = lamp.get("currentLevel");
            if (!lamp.has("reports") || level === lamp.told) continue;
            lamp.told = level;
            const cluster = Zcl.Utils.getCluster("genLevelCtrl", undefined, {});
            this.emit("zclPayload", this.payload(lamp.spec.nwk, lamp.endpoint, Zcl.Frame.create(0, 1, true, undefined, 1, "report", cluster, [{attrId: 0, dataType: 0x20, attrData: level}], {})));
        }
    }

    sample() {
        const changed = {};
        for (const lamp of this.lamps.values()) {
            if (lamp.name === undefined) continue;
            const seen = JSON.stringify(lamp.seen);
            if (seen !== this.shown.get(lamp)) { this.shown.set(lamp, seen); changed[lamp.name] = JSON.parse(seen); }
        }
        if (Object.keys(changed).length) log({shows: changed});
    }
}
Adapter.create = async (...given) => new LampsOnTheAir(...given);
