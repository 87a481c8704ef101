// HttpGet: send a request to a web server and print the response.
//
// Enter your network and an address that your bot can reach. A password in a sketch becomes part of its image, so use a
// guest network to try this. A virtual bot is online through its page, whatever the network name; requests fail (-1)
// unless you add the server to the allowed servers on its page.

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
    Serial.printf("Status %d: %s\n", status, http.getString().c_str());
  else
    Serial.printf("Request failed: %s\n", HTTPClient::errorToString(status).c_str());
  http.end();
  delay(10000);
}
