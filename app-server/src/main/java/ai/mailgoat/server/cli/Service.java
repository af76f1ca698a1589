package ai.mailgoat.server.cli;

import ai.mailgoat.common.api.SetupRequest;
import ai.mailgoat.common.api.SetupResult;
import ai.mailgoat.server.config.Config;
import java.net.URI;

/// What the command line may start in this process; the root package wires it. Both methods throw
/// {@link Failure} with one clear line when the operator has something to repair.
public interface Service {

    /// Opens everything; returns when traffic is taken.
    Running start(Config config);

    /// Sets up what is missing in a store that no service has open.
    SetupResult setup(Config config, SetupRequest request);

    /// A service that takes traffic.
    interface Running extends AutoCloseable {
        URI apiUrl();

        URI adminUrl();

        /// Drains, 25 seconds at most, and closes the store.
        @Override
        void close();
    }
}
