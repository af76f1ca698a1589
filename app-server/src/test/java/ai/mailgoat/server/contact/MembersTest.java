package ai.mailgoat.server.contact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Contacts as those see them who write to many.
class MembersTest {
    private ContactFixture test;

    @BeforeEach
    void open(@TempDir Path directory) {
        test = new ContactFixture(directory);
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void theyComeWithWhatIsKnown() {
        test.make("/contact-properties", "{'key':'plan','type':'string','fallback_value':'free'}");
        test.make("/contact-properties", "{'key':'score','type':'number','fallback_value':1.5}");
        var gone = test.make("/contact-properties", "{'key':'gone','type':'string'}");
        var ann =
                test.make(
                        "/contacts",
                        """
                        {'email':'Ann@X.example','first_name':'Ann','unsubscribed':true,\
                        'properties':{'score':12345678901.25,'gone':'x'}}\
                        """);
        var bob = test.make("/contacts", "{'email':'bob@x.example','properties':{'plan':'gold'}}");
        var deleted = test.make("/contacts", "{'email':'cy@x.example'}");
        var other = test.make(test.teams.other, "/contacts", "{'email':'ann@x.example'}");
        test.call("DELETE", "/contact-properties/" + gone, "");
        test.call("DELETE", "/contacts/" + deleted, "");

        var members = members(List.of(ann, bob, deleted, other, UUID.randomUUID()), null);
        assertEquals(2, members.size());
        assertEquals(
                new Member(
                        ann,
                        "Ann@x.example",
                        "ann@x.example",
                        "Ann",
                        null,
                        true,
                        true,
                        Map.of("score", "12345678901.25")),
                members.get(ann));
        assertEquals(Map.of("plan", "gold"), members.get(bob).properties());
        assertNull(members.get(bob).firstName());
        assertEquals(
                Map.of("plan", "free", "score", "1.5"),
                test.teams.store.read(tx -> test.contacts.fallbacks(tx, test.teams.acme)));
        assertEquals(
                Map.of(),
                test.teams.store.read(tx -> test.contacts.fallbacks(tx, test.teams.other)));
    }

    @Test
    void whoWantsATopicHasChosenItOrNotChosenAtAll() {
        var in = test.topic("In", "opt_in");
        var out = test.topic("Out", "opt_out");
        var all = new ArrayList<UUID>();
        for (int i = 0; i < 300; i++) {
            String topics =
                    switch (i % 3) {
                        case 0 -> "";
                        case 1 -> topics(in, out, "opt_in");
                        default -> topics(in, out, "opt_out");
                    };
            all.add(test.make("/contacts", "{'email':'c" + i + "@x.example'" + topics + "}"));
        }
        assertWanted(all, null, List.of(true, true, true));
        assertWanted(all, in, List.of(true, true, false));
        assertWanted(all, out, List.of(false, true, false));
        assertWanted(all, UUID.randomUUID(), List.of(false, false, false));
    }

    private static String topics(UUID in, UUID out, String choice) {
        return ",'topics':[{'id':'%s','subscription':'%s'},{'id':'%s','subscription':'%s'}]"
                .formatted(in, choice, out, choice);
    }

    private void assertWanted(List<UUID> all, @Nullable UUID topic, List<Boolean> wanted) {
        var members = members(all, topic);
        assertEquals(all.size(), members.size());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(wanted.get(i % 3), members.get(all.get(i)).wantsTopic(), "contact " + i);
        }
    }

    private Map<UUID, Member> members(List<UUID> ids, @Nullable UUID topic) {
        return test
                .teams
                .store
                .read(tx -> test.contacts.members(tx, test.teams.acme, ids, topic))
                .stream()
                .collect(Collectors.toMap(Member::id, Function.identity()));
    }
}
