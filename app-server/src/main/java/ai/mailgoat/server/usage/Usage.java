package ai.mailgoat.server.usage;

import ai.mailgoat.common.id.TeamId;
import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.store.Store;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.usage.UsageStore.Amount;
import ai.mailgoat.server.usage.UsageStore.Holdings;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Counts recipients sent to and mails received, in the transaction that accepts them: the numbers
/// are exact, also after a crash. A scheduled mail counts when it is accepted; a suppressed
/// recipient counts, too. What was counted stays in memory for the day, so that telling it costs no
/// query.
public final class Usage {
    private final Store store;
    private final UsageStore rows = new UsageStore();
    private final Quotas quotas;
    private final InstantSource clock;
    private final Map<TeamId, Total> totals = new ConcurrentHashMap<>();

    public Usage(Store store, Quotas quotas, InstantSource clock) {
        this.store = store;
        this.quotas = quotas;
        this.clock = clock;
    }

    /// Counts a mail that is being accepted.
    ///
    /// @param recipients of to, cc and bcc
    /// @throws ApiException 429 when this would go beyond a quota
    public void count(Tx tx, TeamId team, int recipients) {
        var day = today();
        if (!quotas.none()) {
            var used = read(tx, team, day);
            checkDaily(used.daily().total() + recipients, day);
            checkMonthly(used.monthly().total() + recipients, day);
        }
        add(tx, team, day, new Amount(recipients, 0));
    }

    /// Counts mails that came in. They are never refused for a quota.
    public void countReceived(Tx tx, TeamId team, int mails) {
        add(tx, team, today(), new Amount(0, mails));
    }

    /// Refuses a team that has nothing left, before any work is done for it.
    ///
    /// @throws ApiException 429
    public void require(TeamId team) {
        if (quotas.none()) {
            return;
        }
        var total = total(team);
        checkDaily(total.daily() + 1, total.day());
        checkMonthly(total.monthly() + 1, total.day());
    }

    /// Adds the headers that tell what is used: of the month, and of the day if that is limited.
    public Answer tell(TeamId team, Answer answer) {
        var total = total(team);
        var told = answer.with("x-resend-monthly-quota", Long.toString(total.monthly()));
        return quotas.daily() == 0
                ? told
                : told.with("x-resend-daily-quota", Long.toString(total.daily()));
    }

    /// What a team has used of its quotas.
    public Standing standing(TeamId team) {
        var total = total(team);
        return new Standing(
                Share.of(total.daily(), quotas.daily()),
                Share.of(total.monthly(), quotas.monthly()));
    }

    Quotas quotas() {
        return quotas;
    }

    Used used(TeamId team) {
        var day = today();
        return store.read(tx -> read(tx, team, day));
    }

    Holdings holdings(TeamId team) {
        return store.read(tx -> rows.holdings(tx, team));
    }

    private void add(Tx tx, TeamId team, LocalDate day, Amount amount) {
        rows.add(tx, team, day, amount);
        var known = totals.get(team);
        if (known != null && known.day().equals(day)) {
            tx.afterCommit(() -> totals.computeIfPresent(team, (_, t) -> t.plus(amount, day)));
            return;
        }
        // All that a group of writes counts before its commit finds no total here, and sets one
        // that contains those before it.
        var total = Total.of(read(tx, team, day));
        tx.afterCommit(() -> totals.put(team, total));
    }

    private Total total(TeamId team) {
        var day = today();
        var known = totals.get(team);
        return known != null && known.day().equals(day) ? known : Total.of(used(team));
    }

    private Used read(Tx tx, TeamId team, LocalDate day) {
        return new Used(
                day,
                rows.between(tx, team, day, day),
                rows.between(tx, team, day.withDayOfMonth(1), day));
    }

    private void checkDaily(long used, LocalDate day) {
        if (quotas.daily() > 0 && used > quotas.daily()) {
            throw exceeded("daily", quotas.daily(), Used.endOfDay(day));
        }
    }

    private void checkMonthly(long used, LocalDate day) {
        if (quotas.monthly() > 0 && used > quotas.monthly()) {
            throw exceeded("monthly", quotas.monthly(), Used.endOfMonth(day));
        }
    }

    private static ApiException exceeded(String which, long limit, Instant until) {
        return new ApiException(
                429,
                which + "_quota_exceeded",
                "You have reached your "
                        + which
                        + " quota of "
                        + limit
                        + " emails. It starts anew at "
                        + ApiTime.iso(until)
                        + ".");
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /// Recipients and received mails of today and of this month (UTC).
    public record Standing(Share daily, Share monthly) {}

    /// @param limit `null` is none
    public record Share(long used, @Nullable Long limit) {
        static Share of(long used, long quota) {
            return new Share(used, quota == 0 ? null : Long.valueOf(quota));
        }
    }

    /// What was used in a day, and in its month so far.
    record Used(LocalDate day, Amount daily, Amount monthly) {
        static Instant endOfDay(LocalDate day) {
            return day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        }

        static Instant endOfMonth(LocalDate day) {
            return endOfDay(YearMonth.from(day).atEndOfMonth());
        }
    }

    private record Total(LocalDate day, long daily, long monthly) {
        static Total of(Used used) {
            return new Total(used.day(), used.daily().total(), used.monthly().total());
        }

        Total plus(Amount amount, LocalDate on) {
            return on.equals(day)
                    ? new Total(day, daily + amount.total(), monthly + amount.total())
                    : this;
        }
    }
}
