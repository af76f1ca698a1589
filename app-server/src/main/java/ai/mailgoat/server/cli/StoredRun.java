package ai.mailgoat.server.cli;

import ai.mailgoat.server.bench.ContactImport;
import ai.mailgoat.server.bench.Filling;
import ai.mailgoat.server.bench.Load;
import ai.mailgoat.server.bench.ServiceProcess;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One measurement of a service with much in its database. Acceptance is measured twice in one run,
/// before the database is filled and after it, with everything else the same.
final class StoredRun {
    /// Enough to keep the writer of the service busy.
    private static final int CONNECTIONS = 64;

    private final Context context;
    private final StoredPlan plan;

    StoredRun(Context context, StoredPlan plan) {
        this.context = context;
        this.plan = plan;
    }

    StoredFigures run() throws IOException, InterruptedException {
        try (var site = new BenchSite(context, plan.dir())) {
            Load.Result empty;
            try (var service = site.start("empty.log")) {
                site.verify(service);
                empty = accept(service, site);
            }
            long begun = System.nanoTime();
            var filled = Filling.fill(site.data(), BenchSite.SENDER, plan.stored(), this::progress);
            double fillSeconds = (System.nanoTime() - begun) / 1e9;
            long megabytes = Files.size(site.data().resolve("mailgoat.mv.db")) >> 20;
            long start = System.nanoTime();
            try (var service = site.start("full.log")) {
                double startMillis = (System.nanoTime() - start) / 1e6;
                var full = accept(service, site);
                var readings = readings(service, site, filled);
                context.terminal().note("importing " + plan.imported() + " contacts...");
                var imported = ContactImport.run(service.api(), site.key(), plan.imported());
                return new StoredFigures(
                        plan.stored(),
                        fillSeconds,
                        megabytes,
                        startMillis,
                        readings,
                        new StoredFigures.Acceptance(
                                empty.perSecond(),
                                full.perSecond(),
                                empty.percentileMillis(0.99),
                                full.percentileMillis(0.99)),
                        imported,
                        boxed(service.peakMegabytes()),
                        site.fileSystem());
            }
        }
    }

    private void progress(int done) {
        if (done % 100_000 == 0) {
            context.terminal().note(done + " e-mails and contacts are in");
        }
    }

    // What is due tomorrow is accepted and then left alone.
    private Load.Result accept(ServiceProcess service, BenchSite site)
            throws IOException, InterruptedException {
        String body =
                BenchRun.text(
                        BenchRun.mail(
                                BenchSite.SENDER,
                                List.of("someone@d1.test"),
                                "All work and no play makes a dull mail. ".repeat(100),
                                Instant.now().plus(Duration.ofDays(1)).toString()));
        var load =
                Load.posts(service.api(), "/emails", site.key(), new String[] {body}, CONNECTIONS);
        if (plan.warmUp() > 0) {
            BenchRun.check(load.run(plan.warmUp()));
        }
        var result = load.run(plan.accepted());
        BenchRun.check(result);
        return result;
    }

    private List<StoredFigures.Reading> readings(
            ServiceProcess service, BenchSite site, Filling.Filled filled)
            throws IOException, InterruptedException {
        var readings = new ArrayList<StoredFigures.Reading>();
        for (var paths : paths(filled).entrySet()) {
            var load = Load.gets(service.api(), paths.getValue(), site.key(), 1);
            BenchRun.check(load.run(plan.reads()));
            var result = load.run(plan.reads());
            BenchRun.check(result);
            readings.add(
                    new StoredFigures.Reading(
                            paths.getKey(),
                            result.percentileMillis(0.5),
                            result.percentileMillis(0.95),
                            result.percentileMillis(0.99)));
        }
        return readings;
    }

    /// What is read, in the order of the table. Pages have 100 rows, the most there are.
    private static Map<String, List<String>> paths(Filling.Filled filled) {
        var all = new LinkedHashMap<String, List<String>>();
        var emails = filled.emails();
        var contacts = filled.contacts();
        all.put("one e-mail", each(emails, id -> "/emails/" + id));
        all.put("e-mails, first page", List.of("/emails?limit=100"));
        all.put("e-mails, deep, after", each(emails, id -> "/emails?limit=100&after=" + id));
        all.put("e-mails, deep, before", each(emails, id -> "/emails?limit=100&before=" + id));
        all.put("one contact by id", each(contacts, id -> "/contacts/" + id));
        all.put(
                "one contact by address",
                each(
                        filled.addresses(),
                        address ->
                                "/contacts/" + URLEncoder.encode(address, StandardCharsets.UTF_8)));
        all.put("contacts, first page", List.of("/contacts?limit=100"));
        all.put("contacts, deep, after", each(contacts, id -> "/contacts?limit=100&after=" + id));
        all.put("contacts, deep, before", each(contacts, id -> "/contacts?limit=100&before=" + id));
        for (var segment : Map.of("all", filled.everyone(), "a tenth", filled.few()).entrySet()) {
            String list = "/segments/" + segment.getValue() + "/contacts?limit=100";
            String name = "segment of " + segment.getKey();
            all.put(name + ", first page", List.of(list));
            all.put(name + ", deep, after", each(contacts, id -> list + "&after=" + id));
            all.put(name + ", deep, before", each(contacts, id -> list + "&before=" + id));
        }
        all.put(
                "contacts by filter",
                each(
                        contacts,
                        id -> "/contacts?limit=100&segment_id=" + filled.few() + "&after=" + id));
        all.put("segments of a contact", each(contacts, id -> "/contacts/" + id + "/segments"));
        all.put("segments", List.of("/segments?limit=100"));
        return all;
    }

    private static <T> List<String> each(List<T> of, Function<T, String> path) {
        return of.stream().map(path).toList();
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
