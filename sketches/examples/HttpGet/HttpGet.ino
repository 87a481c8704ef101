// HttpGet: ask a web server for a page and print the answer.
//
// Put your network and an address your bot can reach here. A password in a sketch ends up in its image, so use a guest
// network for trying this out. A virtual bot is on the network of its page already, whatever the name; it gets no
// answer (-1) from servers that you did not allow on its own page, under "Other servers this bot may ask".

#include <HTTPClient.h>
#include <WiFi.h>

const char* networkName = "my-network";
const char* networkPassword = "";
const char* address = "http://192.168.1.20:8000/healthz";

void setup() {
  Serial.begin(115200);
  WiFi.begin(networkName, networkPassword);
  while (WiFi.status() != WL_CONNECTED) {
    Serial.print(".");
    delay(500);
  }
  Serial.println(" connected");
}

void loop() {
  HTTPClient http;
  http.begin(address);
  const int status = http.GET();
  if (status > 0)
    Serial.printf("The server answered %d: %s\n", status, http.getString().c_str());
  else
    Serial.printf("No answer: %s\n", HTTPClient::errorToString(status).c_str());
  http.end();
  delay(10000);
}
