// Reads each card of cards.json with the parser of Microsoft's own renderer, at the version that the card says.

const { readFileSync } = require("node:fs");
const { AdaptiveCard, SerializationContext, Version } = require("adaptivecards/dist/adaptivecards.js");

for (const card of JSON.parse(readFileSync("cards.json", "utf8"))) {
  const context = new SerializationContext(Version.parse(card.version, new SerializationContext()));
  new AdaptiveCard().parse(card, context);
  for (let place = 0; place < context.eventCount; place += 1) {
    console.error(context.getEventAt(place).message);
    process.exitCode = 1;
  }
}
