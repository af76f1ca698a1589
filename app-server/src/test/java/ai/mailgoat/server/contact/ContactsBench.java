package ai.mailgoat.server.contact;

import ai.mailgoat.server.contact.ContactDraft.Conflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A million contacts in one segment: how fast they come in, how fast pages of them are read, and
/// how long it takes to forget the segment. Run by hand, with a directory on the disk to measure.
final class ContactsBench {
    private static final Logger LOG = LoggerFactory.getLogger(ContactsBench.class);
    private static final int CONTACTS = 1_000_000;
    private static final int AT_ONCE = 1_000;

    private ContactsBench() {}

    public static void main(String[] arguments) throws IOException {
        var directory = Files.createTempDirectory(Path.of(arguments[0]), "bench-");
        try (var test = new ContactFixture(directory)) {
            test.make("/contact-properties", "{'key':'city','type':'string'}");
            var segment = test.segment("All");
            // Statements planned while the tables are empty must do well when they are full.
            paths(segment).forEach(test::get);
            fill(test, segment, "new");
            fill(test, segment, "known");
            String middle = test.get("/contacts/u500000@x.example").text("id");
            for (String path : paths(segment)) {
                String next = path + (path.contains("?") ? "&" : "?");
                time(path, () -> test.get(path));
                time(path + ", older", () -> test.get(next + "after=" + middle));
                time(path + ", newer", () -> test.get(next + "before=" + middle));
            }
            time("deletion", () -> test.call("DELETE", "/segments/" + segment, ""));
            time("sweep", test.leftovers::sweep);
        }
    }

    private static List<String> paths(UUID segment) {
        String inside = "/segments/" + segment + "/contacts";
        return List.of(
                "/contacts",
                "/contacts?unsubscribed=true",
                "/contacts?unsubscribed=false",
                "/contacts?email=u77@x.example",
                inside,
                inside + "?unsubscribed=true",
                inside + "?unsubscribed=false");
    }

    private static void fill(ContactFixture test, UUID segment, String what) {
        time(
                CONTACTS + " " + what,
                () -> {
                    for (int i = 0; i < CONTACTS; i += AT_ONCE) {
                        var drafts = new ArrayList<ContactDraft>();
                        for (int n = i; n < i + AT_ONCE; n++) {
                            drafts.add(
                                    new ContactDraft(
                                            "u" + n + "@x.example",
                                            "Ann",
                                            "Lee",
                                            n % 1_000 == 0,
                                            Map.of("city", "Rome"),
                                            List.of(segment),
                                            List.of()));
                        }
                        test.apply(Conflict.UPSERT, false, drafts.toArray(ContactDraft[]::new));
                    }
                });
    }

    private static void time(String what, Runnable action) {
        long start = System.nanoTime();
        action.run();
        LOG.info("{}: {} us", what, (System.nanoTime() - start) / 1_000);
    }
}
