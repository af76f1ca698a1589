package ai.mailgoat.server.webhook;

import ai.mailgoat.server.outbound.GuardedHttp;
import ai.mailgoat.server.outbound.GuardedHttp.Limits;
import ai.mailgoat.server.outbound.GuardedHttp.Overflow;
import ai.mailgoat.server.outbound.OutboundException;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.secret.SecretException;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.webhook.WebhookCallStore.DueCall;
import ai.mailgoat.server.webhook.WebhookCallStore.Parcel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes one attempt: reads what is owed, signs it, posts it. Blocks a virtual thread.
final class Caller {
    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

    static final Duration TOTAL = Duration.ofSeconds(15);
    private static final int MAX_BODY = 64 * 1024;

    /// Of the answer, for people who look for what went wrong.
    private static final int KEPT_CHARACTERS = 2_000;

    private final Store store;
    private final MasterKey key;
    private final GuardedHttp http;
    private final InstantSource clock;
    private final Limits limits;

    Caller(Store store, MasterKey key, GuardedHttp http, InstantSource clock, Duration total) {
        this.store = store;
        this.key = key;
        this.http = http;
        this.clock = clock;
        this.limits = new Limits(total, MAX_BODY, Overflow.CUT);
    }

    /// Never throws: whatever happens is an attempt that was made.
    Attempt attempt(DueCall call) {
        var at = clock.instant();
        try {
            var parcel = store.read(tx -> WebhookCallStore.parcel(tx, call.id()));
            if (parcel.isEmpty()) {
                return new Attempt(call, at, null, "The event is no longer stored.");
            }
            var reply = post(call, parcel.get(), at.getEpochSecond());
            return new Attempt(call, at, reply.status(), beginning(reply.body()));
        } catch (OutboundException e) {
            return new Attempt(call, at, null, e.reason());
        } catch (SecretException e) {
            LOG.error("webhook {}: {}", call.webhook(), e.getMessage());
            return new Attempt(call, at, null, "The call could not be signed.");
        } catch (RuntimeException e) {
            LOG.error("webhook {}: the attempt failed on our side", call.webhook(), e);
            return new Attempt(call, at, null, "The attempt failed on the sender's side.");
        }
    }

    private GuardedHttp.Reply post(DueCall call, Parcel parcel, long timestamp)
            throws OutboundException {
        var payload = parcel.payload();
        byte[] body = Envelope.of(payload.type(), payload.at(), payload.data());
        String id = MessageId.of(call.id());
        String signature =
                SigningSecret.signatures(
                        parcel.secrets().open(key, clock.instant()), id, timestamp, body);
        var headers = new LinkedHashMap<>(Map.of("Content-Type", "application/json"));
        // Svix's names, which Resend's clients read, and those of Standard Webhooks.
        for (String prefix : new String[] {"svix", "webhook"}) {
            headers.put(prefix + "-id", id);
            headers.put(prefix + "-timestamp", Long.toString(timestamp));
            headers.put(prefix + "-signature", signature);
        }
        return http.post(URI.create(parcel.endpoint()), headers, body, limits);
    }

    // PostgreSQL takes no NUL in a text.
    private static String beginning(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).replace("\0", "");
        if (text.length() <= KEPT_CHARACTERS) {
            return text;
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(KEPT_CHARACTERS - 1));
        return text.substring(0, splitsPair ? KEPT_CHARACTERS - 1 : KEPT_CHARACTERS);
    }
}
