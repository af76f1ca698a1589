package ai.mailgoat.server;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.server.cli.Cli;
import ai.mailgoat.server.cli.Failure;
import ai.mailgoat.server.cli.Service;
import ai.mailgoat.server.cli.Version;
import ai.mailgoat.server.config.Config;
import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.secret.SecretException;
import ai.mailgoat.server.store.StoreUnavailableException;
import java.net.URI;
import java.util.function.Supplier;

/// The program. Hands the command line what it may start; says nothing itself.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // Asked for often, by people and by scripts: answered without loading anything else.
        if (Version.isAsked(args)) {
            Version.print(args);
            return;
        }
        System.exit(Cli.run(args, System.getenv(), new Wiring()));
    }

    private static final class Wiring implements Service {
        @Override
        public Running start(Config config) {
            var appliance = explained(() -> Appliance.start(config));
            return new Running() {
                @Override
                public URI apiUrl() {
                    return appliance.apiUrl();
                }

                @Override
                public URI adminUrl() {
                    return appliance.adminUrl();
                }

                @Override
                public void close() {
                    appliance.close();
                }
            };
        }

        @Override
        public SetupResult setup(Config config, SetupRequest request) {
            return explained(() -> Setup.run(config, request));
        }

        /// These exceptions are written for the operator: their one line is all there is to say.
        private static <T> T explained(Supplier<T> start) {
            try {
                return start.get();
            } catch (PortTakenException | StoreUnavailableException | SecretException e) {
                throw Failure.general(String.valueOf(e.getMessage()), e);
            } catch (ApiException e) {
                throw Failure.refused(e.status(), e.name(), e);
            }
        }
    }
}
