// ManualApproval: an update waits until a person types "y". A machine that moves must not restart by itself.
#include <AirsketchBot.h>

// The agent may ask from a task of its own.
volatile bool isApproved = false;

AirsketchBot::Reply decide(const AirsketchBot::Offer& offer) {
  if (isApproved) return AirsketchBot::Reply::kAccept;
  Serial.printf("There is version \"%s\" (%u bytes). Type y to take it.\n", offer.version,
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
