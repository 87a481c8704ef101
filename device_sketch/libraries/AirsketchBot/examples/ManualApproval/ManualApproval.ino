// ManualApproval: an update waits until somebody types "y". A machine that moves must not restart by itself.
#include <AirsketchBot.h>

// Set by the sketch, read by the agent's own task.
volatile bool isApproved = false;

AirsketchBot::Reply decide(const AirsketchBot::Offer& offer) {
  if (isApproved) return AirsketchBot::Reply::kAccept;
  Serial.printf("Version \"%s\" is available (%u bytes). Type y to install it.\n", offer.version,
                static_cast<unsigned>(offer.size_bytes));
  return AirsketchBot::Reply::kLater;
}

void setup() {
  Serial.begin(115200);
  AirsketchBot::onOffer(decide);
}

void loop() {
  if (Serial.read() == 'y') {
    isApproved = true;
    AirsketchBot::checkNow();
  }
  delay(20);
}
