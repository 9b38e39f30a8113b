// What Zigbee2MQTT's own converters make of our messages, model by model. Prints the golden file.
//
//     Z2M=<folder with node_modules/zigbee2mqtt> node zigbee2mqtt.cjs < questions > golden
//
// A question is a lamp as its radio is, and what it is told. An answer has what its bridge lists of it and the frames
// that each message becomes, as `extension/publish.js` does it: level first where the lamp is off, else last.
const {createRequire} = require("node:module");
const fs = require("node:fs");
const need = createRequire(process.env.Z2M + "/node_modules/zigbee2mqtt/package.json");
const converters = need("zigbee-herdsman-converters");
const {Zcl} = need("zigbee-herdsman");

const quiet = () => {};
converters.setLogger({debug: quiet, info: quiet, warning: quiet, error: quiet});
const LEVELS = ["state", "brightness", "brightness_percent"];

class Endpoint {
    constructor(device, ID, attributes, clusters) { Object.assign(this, {device, ID, attributes, clusters, meta: {}, binds: [], configuredReportings: []}); this.deviceIeeeAddress = device.ieeeAddr; }
    get inputClusters() { return this.clusters; }
    getDevice() { return this.device; }
    save() {}
    supportsInputCluster(name) { return this.clusters.includes(Zcl.Utils.getCluster(name, undefined, {}).ID); }
    supportsOutputCluster() { return false; }
    getInputClusters() { return this.clusters.map((ID) => ({ID})); }
    getClusterAttributeValue(cluster, attribute) { return this.attributes[attribute]; }
    async read(cluster, attributes) { this.device.frames.push(["read", ...attributes]); return {}; }
    async write(cluster, attributes) { this.device.frames.push(["write", attributes]); }
    async command(name, command, payload) {
        const cluster = Zcl.Utils.getCluster(name, this.device.manufacturerID, {});
        Zcl.Frame.create(Zcl.FrameType.SPECIFIC, Zcl.Direction.CLIENT_TO_SERVER, true, undefined, 1, command, cluster, payload, {}).toBuffer();
        const {optionsMask, optionsOverride, ...told} = payload;
        this.device.frames.push([command, told]);
    }
}

class Device {
    constructor({modelID, manufacturerName, manufacturerID, endpoints, attributes, clusters, softwareBuildID}) {
        Object.assign(this, {modelID, manufacturerName, manufacturerID, softwareBuildID, type: "Router", ieeeAddr: "0x1", meta: {}, customClusters: {}, frames: []});
        this.endpoints = endpoints.map((each) => new Endpoint(this, each, attributes, clusters));
    }
    getEndpoint(ID) { return this.endpoints.find((each) => each.ID === ID); }
    save() {}
}

function listed(definition, device) {
    const exposes = typeof definition.exposes === "function" ? definition.exposes(device, {}) : definition.exposes;
    const lights = exposes.filter((each) => each.type === "light").map(({type, endpoint, features}) => ({type, endpoint,
        features: features.map(({name, property, access, value_min, value_max}) => ({name, property, access, value_min, value_max}))}));
    const names = definition.endpoint?.(device) ?? {};
    return {vendor: definition.vendor, model: definition.model, options: definition.options.map(({name}) => ({name})), exposes: lights, endpoints: names};
}

async function become(definition, device, verb, name, message, state) {
    const names = definition.endpoint?.(device) ?? {};
    const endpoint = (name && device.getEndpoint(names[name])) || device.getEndpoint(names.default) || device.endpoints[0];
    const entries = Object.entries(message), isOff = String(message.state).toLowerCase() === "off", used = [], errors = [];
    entries.sort(([key]) => (LEVELS.includes(key) === isOff ? 1 : -1));
    device.frames = [];
    for (const [key, value] of entries) {
        const converter = definition.toZigbee.find((each) => (!each.key || each.key.includes(key)) && (!each.endpoints || (name && each.endpoints.includes(name))));
        if (converter && used.includes(converter) && verb === "set") continue;
        const convert = verb === "set" ? converter?.convertSet : converter?.convertGet;
        if (!convert) { errors.push(`no converter for ${key}`); continue; }
        const meta = {endpoint_name: name, options: {}, message: {...message}, device, state, mapped: definition, publish() {}, deviceExposesChanged() {}};
        const given = verb === "set" ? [key, value, meta] : [key, meta];
        try { await convert.call(converter, endpoint, ...given); } catch (error) { errors.push(`${key}: ${error.message}`); }
        used.push(converter);
    }
    return {frames: device.frames, ...(errors.length ? {errors} : {})};
}

async function main() {
    const models = [];
    for (const question of JSON.parse(fs.readFileSync(0, "utf8"))) {
        const device = new Device(question), definition = await converters.findByDevice(device), answers = [];
        for (const [verb, endpoint, message] of question.told) {
            answers.push(await become(definition, device, verb, endpoint ?? undefined, message, {state: "ON", brightness: 200}));
        }
        models.push({listed: listed(definition, device), answers});
    }
    const version = need("zigbee-herdsman-converters/package.json").version;
    process.stdout.write(JSON.stringify({oracle: `zigbee-herdsman-converters ${version}`, models}, null, 1) + "\n");
}
main();
