package ai.mailgoat.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.mailgoat.server.config.Config.HostPort;
import ai.mailgoat.server.config.Config.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir Path directory;
    private final List<String> warnings = new ArrayList<>();

    private Config load(String yaml, Map<String, String> environment) throws IOException {
        var file = Files.writeString(directory.resolve("mailgoat.yaml"), yaml);
        return ConfigFile.load(
                Optional.of(file), environment, directory.resolve("none"), warnings::add);
    }

    private String refusal(String yaml, Map<String, String> environment) {
        String message =
                assertThrows(ConfigException.class, () -> load(yaml, environment)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message.replace(directory + "/", "");
    }

    private String refusal(String yaml) {
        return refusal(yaml, Map.of());
    }

    private Config defaults(Map<String, String> environment) {
        return ConfigFile.load(
                Optional.empty(), environment, directory.resolve("none"), warnings::add);
    }

    @Test
    void hasDefaultsForEverything() {
        var config = defaults(Map.of("HOME", "/home/goat"));
        assertEquals(Path.of("/home/goat/.local/share/mailgoat"), config.dataDir());
        assertEquals(
                new Config.Http("127.0.0.1", 8080, "http://localhost:8080", false), config.http());
        assertEquals(new Config.Listener("127.0.0.1", 8081), config.admin());
        assertEquals(Mode.DIRECT, config.delivery().mode());
        assertEquals(Optional.empty(), config.delivery().relay());
        assertEquals(25, config.delivery().mxPort());
        assertEquals(Duration.ofDays(5), config.delivery().lifetime());
        assertEquals(Duration.ofHours(4), config.delivery().retry().getLast());
        assertTrue(config.delivery().retryInDoubt());
        assertEquals(List.of(), config.dnsResolvers());
        assertEquals(List.of(), config.outboundAllowPrivate());
        assertEquals(
                new Config.Limits(10, 60L << 20, 40L << 20, 50, 100, 0, 0, 0, 0), config.limits());
        assertEquals(new Config.Log("text", "info"), config.log());
        assertTrue(!config.hostname().isEmpty());
    }

    @Test
    void thePresetHoldsWhereNoNumberIsSet() throws IOException {
        var strict = load("limits: {preset: strict}", Map.of()).limits();
        assertEquals(List.of(2, 1), List.of(strict.sendsPerSecond(), strict.batchesPerSecond()));
        var mixed = load("limits: {preset: strict, batches-per-second: 5}", Map.of()).limits();
        assertEquals(List.of(2, 5), List.of(mixed.sendsPerSecond(), mixed.batchesPerSecond()));
        var own = load("limits: {sends-per-second: 3}", Map.of()).limits();
        assertEquals(List.of(3, 0), List.of(own.sendsPerSecond(), own.batchesPerSecond()));
    }

    @Test
    void readsAFile() throws IOException {
        var config =
                load(
                        """
                        data: {dir: /srv/goat}
                        hostname: mail.example.com
                        http.port: 9000
                        delivery:
                          mode: relay
                          relay:
                            host: "2001:db8::25"
                            port: 587
                          retry:
                            - 30s
                            - 500ms
                          in-doubt: fail
                        dns:
                          resolvers: ["192.0.2.53", "192.0.2.54:5353", "[2001:db8::53]:54", "2001:db8::54"]
                        outbound:
                          allow-private: [10.1.0.0/16, "fd00::/8"]
                        limits:
                          message: 800KB
                        """,
                        Map.of());
        assertEquals(Path.of("/srv/goat"), config.dataDir());
        assertEquals("mail.example.com", config.hostname());
        assertEquals(
                new Config.Http("127.0.0.1", 9000, "http://localhost:9000", false), config.http());
        assertEquals(Mode.RELAY, config.delivery().mode());
        assertEquals(Optional.of(new HostPort("2001:db8::25", 587)), config.delivery().relay());
        assertEquals(
                List.of(Duration.ofSeconds(30), Duration.ofMillis(500)), config.delivery().retry());
        assertTrue(!config.delivery().retryInDoubt());
        assertEquals(
                List.of(
                        new HostPort("192.0.2.53", 53),
                        new HostPort("192.0.2.54", 5353),
                        new HostPort("2001:db8::53", 54),
                        new HostPort("2001:db8::54", 53)),
                config.dnsResolvers());
        assertEquals(List.of("10.1.0.0/16", "fd00::/8"), config.outboundAllowPrivate());
        assertEquals(800L * 1024, config.limits().maxMessage());
    }

    @Test
    void letsTheEnvironmentOverride() throws IOException {
        var environment = new HashMap<String, String>();
        environment.put("MAILGOAT_DELIVERY__MX_PORT", "2526");
        environment.put("MAILGOAT_DELIVERY__RETRY", "1s,2s , 3s");
        environment.put("MAILGOAT_DNS__RESOLVERS", "127.0.0.1:5300");
        environment.put("MAILGOAT_HOSTNAME", "mx.example.org");
        environment.put("MAILGOAT_HTTP__PORT", "");
        environment.put("MAILGOAT_API_KEY", "re_x");
        environment.put("MAILGOAT_HOME", "of another program");
        var config = load("delivery: {mx-port: 2525}\nhttp: {port: 9000}\n", environment);
        assertEquals(2526, config.delivery().mxPort());
        assertEquals(3, config.delivery().retry().size());
        assertEquals(List.of(new HostPort("127.0.0.1", 5300)), config.dnsResolvers());
        assertEquals("mx.example.org", config.hostname());
        assertEquals(9000, config.http().port());
    }

    @Test
    void choosesTheFileByPrecedence() throws IOException {
        var system = Files.writeString(directory.resolve("system.yaml"), "http: {port: 1}");
        var named = Files.writeString(directory.resolve("named.yaml"), "http: {port: 2}");
        var given = Files.writeString(directory.resolve("given.yaml"), "http: {port: 3}");
        var environment = Map.of("MAILGOAT_CONFIG", named.toString());
        assertEquals(
                3,
                ConfigFile.load(Optional.of(given), environment, system, warnings::add)
                        .http()
                        .port());
        assertEquals(
                2,
                ConfigFile.load(Optional.empty(), environment, system, warnings::add)
                        .http()
                        .port());
        assertEquals(
                1,
                ConfigFile.load(Optional.empty(), Map.of(), system, warnings::add).http().port());
        assertEquals(8080, defaults(Map.of()).http().port());
        var missing = Map.of("MAILGOAT_CONFIG", directory.resolve("missing").toString());
        assertThrows(
                ConfigException.class,
                () -> ConfigFile.load(Optional.empty(), missing, system, warnings::add));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n# nothing\n", "---\n", "http:\n", "http:\n  port:\n", "http: ~"})
    void takesEmptyFilesAndKeysAsNotSet(String yaml) throws IOException {
        assertEquals(8080, load(yaml, Map.of()).http().port());
    }

    @Test
    void placesTheDataWhereTheDesktopWantsIt() {
        assertEquals(
                Path.of("/x/mailgoat"),
                defaults(Map.of("HOME", "/h", "XDG_DATA_HOME", "/x")).dataDir());
        assertEquals(
                Path.of("/h/.local/share/mailgoat"),
                defaults(Map.of("HOME", "/h", "XDG_DATA_HOME", "rel")).dataDir());
        assertEquals(
                Path.of("/h/goat"),
                defaults(Map.of("HOME", "/h", "MAILGOAT_DATA__DIR", "~/goat")).dataDir());
    }

    @Test
    void namesUnknownKeysWithTheirLineAndTheNearestKey() {
        assertEquals(
                "mailgoat.yaml:3: unknown key \"http.prot\"; did you mean \"http.port\"?",
                refusal("http:\n  host: 127.0.0.1\n  prot: 80\n"));
        assertEquals(
                "mailgoat.yaml:1: unknown key \"mx-port\"; did you mean \"delivery.mx-port\"?",
                refusal("mx-port: 25"));
        assertEquals(
                "mailgoat.yaml:2: unknown key \"delivery.mx_port\"; did you mean \"delivery.mx-port\"?",
                refusal("delivery:\n  mx_port: 25"));
        assertEquals(
                "mailgoat.yaml:1: unknown key \"zebra-and-more\"",
                refusal("zebra-and-more: {x: 1}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http: {port: eighty} | mailgoat.yaml:1: http.port is \"eighty\", expected a whole number from 0 to 65535",
                "http: {port: 70000} | mailgoat.yaml:1: http.port is \"70000\", expected a whole number from 0 to 65535",
                "http: {port: 08x} | mailgoat.yaml:1: http.port is \"08x\", expected a whole number from 0 to 65535",
                "http: {port: [80]} | mailgoat.yaml:1: http.port is \"80\", expected a whole number from 0 to 65535",
                "http: {port: {a: 1}} | mailgoat.yaml:1: http.port has no keys below it",
                "http: 80 | mailgoat.yaml:1: http is a section, with keys such as http.host",
                "- http | mailgoat.yaml:1: the file must hold keys and values",
                "delivery: {allow-private: yes} | mailgoat.yaml:1: delivery.allow-private is \"yes\", expected true or false",
                "delivery: {mode: smart} | mailgoat.yaml:1: delivery.mode is \"smart\", expected one of direct, relay, capture",
                "delivery: {lifetime: 5 days} | mailgoat.yaml:1: delivery.lifetime is \"5 days\", expected a duration such as 30s, 5m, 12h or 5d",
                "delivery: {lifetime: 0s} | mailgoat.yaml:1: delivery.lifetime is \"0s\", expected a duration such as 30s, 5m, 12h or 5d",
                "delivery: {retry: []} | mailgoat.yaml:1: delivery.retry is \"\", expected a list of durations such as 5m, 1h",
                "delivery: {retry: [{a: 1}]} | mailgoat.yaml:1: delivery.retry is a list of plain values",
                "limits: {body: 25mb} | mailgoat.yaml:1: limits.body is \"25mb\", expected a size such as 800KB or 25MB",
                "limits: {body: -1} | mailgoat.yaml:1: limits.body is \"-1\", expected a size such as 800KB or 25MB",
                "hostname: -x | mailgoat.yaml:1: hostname is \"-x\", expected a host name or an IP address",
                "http: {public-url: ftp://x} | mailgoat.yaml:1: http.public-url is \"ftp://x\", expected a URL such as https://mail.example.com",
                "dns: {resolvers: ['a:b']} | mailgoat.yaml:1: dns.resolvers is \"a:b\", expected a list of name servers such as 192.0.2.53:53",
                "outbound: {allow-private: [10.0.0.0/33]} | mailgoat.yaml:1: outbound.allow-private is \"10.0.0.0/33\", expected a list of networks such as 10.0.0.0/8",
                "outbound: {allow-private: [intranet/8]} | mailgoat.yaml:1: outbound.allow-private is \"intranet/8\", expected a list of networks such as 10.0.0.0/8",
                "delivery: {mode: relay} | mailgoat.yaml:1: delivery.mode is relay, so delivery.relay.host must be set",
                "{http: {port: 1}, http.port: 2} | mailgoat.yaml:1: http.port is set twice",
            })
    void tellsKeyPlaceAndExpectation(String yaml, String message) {
        assertEquals(message, refusal(yaml));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http: [",
                "http:\n\tport: 1",
                "a: b: c",
                "http: &a {port: 1}\nadmin: *b",
                "\"\\x\""
            })
    void tellsWhereTheYamlBreaks(String yaml) {
        String message = refusal(yaml);
        assertTrue(
                message.startsWith("mailgoat.yaml") && message.contains("this is not YAML"),
                message);
    }

    @Test
    void refusesOtherEncodingsAndBombs() throws IOException {
        var file = directory.resolve("latin1.yaml");
        Files.write(file, new byte[] {'h', ':', ' ', (byte) 0xfc});
        assertThrows(
                ConfigException.class,
                () -> ConfigFile.load(Optional.of(file), Map.of(), file, warnings::add));
        var bomb =
                Files.write(
                        directory.resolve("bomb.yaml"),
                        "[".repeat(200_000).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThrows(
                ConfigException.class,
                () -> ConfigFile.load(Optional.of(bomb), Map.of(), bomb, warnings::add));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAILGOAT_HTTP__PROT | the environment variable MAILGOAT_HTTP__PROT sets no known key; did you mean MAILGOAT_HTTP__PORT?",
                "MAILGOAT_HTTP_PORT | the environment variable MAILGOAT_HTTP_PORT sets no known key; did you mean MAILGOAT_HTTP__PORT?",
                "MAILGOAT_FOO__BAR | the environment variable MAILGOAT_FOO__BAR sets no known key",
            })
    void refusesUnknownVariables(String variable, String message) {
        String actual = refusal("", Map.of(variable, "1"));
        assertTrue(message.equals(actual) || actual.startsWith(message + ";"), actual);
    }

    @Test
    void namesTheVariableOfAWrongValue() {
        assertEquals(
                "MAILGOAT_HTTP__PORT: http.port is \"x\", expected a whole number from 0 to 65535",
                refusal("", Map.of("MAILGOAT_HTTP__PORT", "x")));
    }

    @Test
    void takesKeysOfLaterVersionsWithAWarning() throws IOException {
        load(
                "smtp:\n  mx:\n    port: 25\n",
                Map.of("MAILGOAT_DATABASE__URL", "jdbc:postgresql://db/mail"));
        assertEquals(2, warnings.size());
        assertTrue(
                warnings.getFirst().startsWith("smtp.mx.port (")
                        && warnings.getFirst().contains("mailgoat.yaml:3"),
                warnings.getFirst());
        assertTrue(
                warnings.getLast().startsWith("database.url (MAILGOAT_DATABASE__URL)"),
                warnings.getLast());
        assertTrue(refusal("smtp: {mx: {port: x}}").contains("smtp.mx.port is \"x\""));
    }

    @Test
    void keepsControlCharactersOutOfMessages() {
        String message = refusal("\"ht\\ntp\": 1");
        assertTrue(message.contains("\"ht?tp\""), message);
    }
}
