package ai.mailgoat.server.cli;

import ai.mailgoat.common.client.AdminClient;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Looks for what keeps this machine from sending mail, with a fix for each.")
final class DoctorCommand extends LocalCommand implements Output.Chooser {
    @Mixin private final Output output = new Output();

    @Option(names = "--offline", description = "leave out what asks the network")
    private boolean offline;

    DoctorCommand(Context context) {
        super(context);
    }

    /// @param status the worst of the checks
    record Report(Check.Status status, List<Check> checks) {}

    @Override
    public Integer call() {
        var checks = new ArrayList<Check>();
        checks.add(LocalChecks.java());
        try {
            var config = quietConfig();
            checks.add(Check.pass("config", "read"));
            examine(config, checks);
        } catch (ConfigException e) {
            checks.add(Check.fail("config", String.valueOf(e.getMessage()), "correct that key"));
        }
        var worst = checks.stream().map(Check::status).max(Check.Status::compareTo).orElseThrow();
        output.show(terminal(), new Report(worst, checks), this::show);
        return worst == Check.Status.FAIL ? Exit.GENERAL : Exit.OK;
    }

    private void examine(Config config, List<Check> checks) {
        checks.add(LocalChecks.dataDir(config.dataDir()));
        checks.add(LocalChecks.disk(config.dataDir()));
        Optional<AdminClient> running = context().runningAdmin(config);
        if (running.isPresent()) {
            try (var admin = running.get()) {
                checks.add(Check.pass("service", "runs, version " + admin.version()));
                checks.add(Check.pass("database", "open in the service"));
                checks.add(Check.pass("ports", "served by the service"));
            }
        } else {
            checks.add(Check.warn("service", "does not run", "start it with `mailgoat serve`"));
            checks.add(LocalChecks.database(config.dataDir()));
            checks.add(LocalChecks.port("http", config.http().host(), config.http().port()));
            checks.add(LocalChecks.port("admin", config.admin().host(), config.admin().port()));
        }
        if (!offline) {
            checks.add(NetworkChecks.resolver(config.dnsResolvers()));
            if (config.delivery().mode() == Config.Mode.DIRECT) {
                checks.add(
                        NetworkChecks.outbound(config.dnsResolvers(), config.delivery().mxPort()));
            }
            checks.add(NetworkChecks.clock());
        }
    }

    private void show(Report report) {
        for (var check : report.checks()) {
            String mark =
                    switch (check.status()) {
                        case PASS -> terminal().green("pass");
                        case WARN -> terminal().yellow("warn");
                        case FAIL -> terminal().red("FAIL");
                    };
            terminal().line(mark + "  " + "%-12s".formatted(check.name()) + check.detail());
            if (check.fix() != null) {
                terminal().line("      " + " ".repeat(12) + terminal().dim("fix: " + check.fix()));
            }
        }
    }

    @Override
    public boolean wantsJson() {
        return output.isJson(terminal());
    }
}
