package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.resend.services.automations.model.ListAutomationsParams;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Resend's own client for Java, unchanged: every public method of every service that this product
/// has, each resource in a class of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ResendJavaTest {
    private SmtpSink sink;
    private Installation installation;
    private RecordingProxy proxy;
    private JavaSdk sdk;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        sink = new SmtpSink(true);
        installation = Installation.start(data, sink.port(), NodeClients.SETTINGS);
        TestZone.receives(installation.dns(), "inbox.example");
        proxy = new RecordingProxy(installation.service().url());
        sdk = new JavaSdk(installation, sink, proxy);
    }

    @AfterAll
    void stop() {
        proxy.close();
        installation.close();
        sink.close();
    }

    @Test
    void emails() throws Exception {
        new JavaEmails(sdk).drive();
    }

    @Test
    void receiving() throws Exception {
        new JavaReceiving(sdk).drive();
    }

    @Test
    void domainsAndKeys() throws Exception {
        new JavaDomains(sdk).drive();
    }

    @Test
    void contacts() throws Exception {
        new JavaContacts(sdk).drive();
    }

    @Test
    void audiences() throws Exception {
        new JavaAudiences(sdk).drive();
    }

    @Test
    void templates() throws Exception {
        new JavaTemplates(sdk).drive();
    }

    @Test
    void broadcasts() throws Exception {
        new JavaBroadcasts(sdk).drive();
    }

    @Test
    void webhooks() throws Exception {
        new JavaWebhooks(sdk).drive();
    }

    @Test
    void suppressionsLogsAndGrants() throws Exception {
        new JavaRest(sdk).drive();
    }

    @Test
    void whatIsNotThereSaysSo() {
        var missing = "The requested endpoint does not exist";
        var automations = sdk.here(sdk.resend.automations());
        JavaSdk.refused(404, "not_found", missing, automations::list);
        JavaSdk.refused(
                404,
                "not_found",
                missing,
                () -> automations.list(ListAutomationsParams.builder().limit(1).build()));
        JavaSdk.refused(404, "not_found", missing, () -> automations.get(JavaSdk.UNKNOWN));
        var events = sdk.here(sdk.resend.events());
        JavaSdk.refused(404, "not_found", missing, events::list);
        JavaSdk.refused(404, "not_found", missing, () -> events.get("user.created"));
        JavaSdk.refused(404, "not_found", missing, () -> events.remove("user.created"));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void nothingWasLeftOutAndEveryAnswerFitsTheDocuments() throws Exception {
        var left = sdk.notCalled(Set.of("Resend", "Automations", "Events"));
        assertEquals("", String.join("\n", left));
        Recorded.fits(installation, proxy.exchanges(), false);
    }
}
