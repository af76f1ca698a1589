package ai.mailgoat.server.usage;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.usage.Usage.Used;
import ai.mailgoat.server.usage.UsageStore.Amount;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// `/usage`. A limit of `null` is none.
public final class UsageRoutes {
    private final Usage usage;
    private final int ratePerSecond;

    /// @param ratePerSecond requests of a key; 0 is without limit
    public UsageRoutes(Usage usage, int ratePerSecond) {
        this.usage = usage;
        this.ratePerSecond = ratePerSecond;
    }

    public void register(Endpoints endpoints) {
        endpoints.get("/usage", Access.FULL, this::get);
    }

    private Answer get(Call call) {
        var team = call.principal().team();
        var used = usage.used(team);
        var has = usage.holdings(team);
        var quotas = usage.quotas();
        String endOfDay = ApiTime.iso(Used.endOfDay(used.day()));
        String endOfMonth = ApiTime.iso(Used.endOfMonth(used.day()));
        return Answer.ok(
                new Body(
                        "usage",
                        new Emails(
                                Period.of(used.daily(), quotas.daily(), endOfDay),
                                Period.of(used.monthly(), quotas.monthly(), endOfMonth)),
                        new Count(has.contacts(), null),
                        new Count(has.segments(), null),
                        new Count(has.broadcasts(), null),
                        new Credits(0, null, null),
                        new Runs(0, null, endOfMonth),
                        new Count(has.domains(), null),
                        new Rate(orNull(ratePerSecond), "1s")));
    }

    private static @Nullable Long orNull(long limit) {
        return limit == 0 ? null : Long.valueOf(limit);
    }

    record Body(
            String object,
            Emails emails,
            Count contacts,
            Count segments,
            Count broadcasts,
            Credits aiCredits,
            Runs automationRuns,
            Count domains,
            Rate rateLimit) {}

    record Emails(Period daily, Period monthly) {}

    record Period(long used, @Nullable Long limit, long sent, long received, String resetsAt) {
        static Period of(Amount amount, long quota, String resetsAt) {
            return new Period(
                    amount.total(), orNull(quota), amount.sent(), amount.received(), resetsAt);
        }
    }

    record Count(long used, @Nullable Long limit) {}

    record Credits(long used, @Nullable Long limit, @Nullable Instant nextIncreaseAt) {}

    record Runs(long used, @Nullable Long limit, String resetsAt) {}

    record Rate(@Nullable Long limit, String duration) {}
}
