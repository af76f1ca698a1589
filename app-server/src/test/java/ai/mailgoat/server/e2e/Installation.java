package ai.mailgoat.server.e2e;

import ai.mailgoat.common.json.Json;
import ai.mailgoat.server.dns.TestDnsServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A running service whose domain `sender.example` is verified, with its DNS in this JVM.
record Installation(
        Service service, TestDnsServer dns, String key, String domainId, JsonNode domain)
        implements AutoCloseable {

    /// @param mxPort where all MX hosts listen
    /// @param more further `MAILGOAT_…` variables
    static Installation start(Path data, int mxPort, Map<String, String> more) throws Exception {
        var dns = new TestDnsServer();
        var environment = new HashMap<>(Service.local(dns.address(), mxPort));
        environment.putAll(more);
        var service = Service.on(data, environment);
        var setup = service.setup("sender.example");
        TestZone.publish(dns, setup.get("domain"));
        service.start();
        var installation =
                new Installation(
                        service,
                        dns,
                        setup.get("api_key").stringValue(),
                        setup.get("domain").get("id").stringValue(),
                        setup.get("domain"));
        service.post(installation.key, "/domains/" + installation.domainId + "/verify", "");
        Service.await(
                "verified",
                Duration.ofSeconds(20),
                () ->
                        installation
                                .get("/domains/" + installation.domainId)
                                .get("status")
                                .stringValue()
                                .equals("verified"));
        return installation;
    }

    /// What GET answers, whatever its status.
    JsonNode get(String path) {
        try {
            return Json.tree(service.get(key, path).body().getBytes(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(path, e);
        }
    }

    /// @return the id
    String send(Map<String, Object> email) throws Exception {
        var answer = service.post(key, "/emails", email);
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        return Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").stringValue();
    }

    void awaitEvent(String id, String event) {
        Service.await(
                id + " is " + event,
                Duration.ofSeconds(30),
                () -> event.equals(get("/emails/" + id).get("last_event").stringValue()));
    }

    JsonNode timeline(String id) throws Exception {
        return service.admin("/v1/emails/" + id + "/timeline");
    }

    @Override
    public void close() {
        service.close();
        dns.close();
    }
}
