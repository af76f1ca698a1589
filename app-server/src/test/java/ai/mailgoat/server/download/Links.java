package ai.mailgoat.server.download;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.team.TwoTeams;
import java.io.ByteArrayOutputStream;
import java.util.Objects;

/// Follows links without a socket.
public final class Links {
    public static final String PUBLIC_URL = "https://mail.acme.example";

    private Links() {}

    /// Calls the route that a link leads to.
    public static Answer follow(TwoTeams teams, String url) {
        if (!url.startsWith(PUBLIC_URL + "/")) {
            throw new AssertionError(url);
        }
        return teams.answer(teams.other, "GET", url.substring(PUBLIC_URL.length()), "");
    }

    /// The octets of an answer that is streamed.
    public static byte[] octets(Answer answer) {
        var octets = new ByteArrayOutputStream();
        Objects.requireNonNull(answer.stream(), () -> new String(answer.body()))
                .run(
                        new Answer.Out() {
                            @Override
                            public void write(byte[] piece) {
                                octets.writeBytes(piece);
                            }

                            @Override
                            public boolean isClosing() {
                                return false;
                            }

                            @Override
                            public void onClosing(Runnable action) {
                                // Nothing closes here.
                            }
                        });
        return octets.toByteArray();
    }
}
