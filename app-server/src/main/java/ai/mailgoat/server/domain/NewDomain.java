package ai.mailgoat.server.domain;

import ai.mailgoat.server.http.ApiException;
import ai.mailgoat.server.smtp.MailDomain;

/// A domain as it is asked for: every part has been checked.
public record NewDomain(
        MailDomain name, String region, String returnPathLabel, Domain.Settings settings) {
    static final String DEFAULT_REGION = "us-east-1";
    static final String DEFAULT_RETURN_PATH = "send";

    /// With the defaults of the API: it sends, and does not receive.
    ///
    /// @param name as a person writes it
    /// @throws ApiException when it may not be registered
    public static NewDomain of(String name) {
        return new NewDomain(
                DomainNames.registrable(name),
                DEFAULT_REGION,
                DEFAULT_RETURN_PATH,
                Domain.Settings.DEFAULT);
    }
}
