// OtaAware: a sketch that can be replaced over the air. Start your own sketches for real boards from this one.
//
// The lamp blinks. Press the BOOT button: the bot fetches the sketch that was last sent to it and starts it.
// Keep fetchSketch() in what you write: a sketch without it can only be replaced by cable.

#include <AirsketchBot.h>
#include <HTTPClient.h>
#include <HTTPUpdate.h>
#include <Preferences.h>
#include <WiFi.h>

#ifndef LED_BUILTIN
#define LED_BUILTIN 2
#endif

const char* sketchName = "OtaAware 1";
const int buttonPin = 0;

String productId;
String deviceKey;

void signIn(HTTPClient* request) {
  request->setAuthorization(productId.c_str(), deviceKey.c_str());
}

// Where to ask, and who we are, was written into the bot's memory when it was set up.
void fetchSketch() {
  Preferences memory;
  memory.begin("airsketch", true);
  const String network = memory.getString("ssid", "");
  const String password = memory.getString("pass", "");
  const String server = memory.getString("server", "");
  productId = memory.getString("product_id", "");
  deviceKey = memory.getString("device_key", "");
  memory.end();

  WiFi.begin(network.c_str(), password.c_str());
  if (WiFi.waitForConnectResult() != WL_CONNECTED) {
    Serial.println("Could not join the Wi-Fi.");
    return;
  }
  WiFiClient connection;
  httpUpdate.update(connection, server + "/" + productId + ".ino.bin", sketchName, signIn);
  Serial.printf("No new sketch: %s\n", httpUpdate.getLastErrorString().c_str());
}

void setup() {
  Serial.begin(115200);
  pinMode(LED_BUILTIN, OUTPUT);
  pinMode(buttonPin, INPUT_PULLUP);
  Serial.printf("%s, AirsketchBot %s, updates: %s\n", sketchName, AirsketchBot::version(),
                AirsketchBot::toString(AirsketchBot::state()));
}

void loop() {
  digitalWrite(LED_BUILTIN, millis() / 250 % 2 == 0 ? HIGH : LOW);
  if (digitalRead(buttonPin) == LOW) fetchSketch();
  delay(20);
}
