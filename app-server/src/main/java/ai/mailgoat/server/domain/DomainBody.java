package ai.mailgoat.server.domain;

import ai.mailgoat.common.json.ApiTime;
import ai.mailgoat.server.domain.DomainRecords.Suggestion;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A domain as the API shows it. `tls`, `custom_return_path`, `suggestions` and, per record, `fqdn`
/// and `found` are more than Resend has.
///
/// @param records left out of lists
/// @param suggestions what is worth publishing and never required; left out of lists
public record DomainBody(
        String object,
        UUID id,
        String name,
        String status,
        String createdAt,
        String region,
        Capabilities capabilities,
        boolean openTracking,
        boolean clickTracking,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String trackingSubdomain,
        String tls,
        String customReturnPath,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<RecordBody> records,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<SuggestionBody> suggestions) {

    /// Each `enabled` or `disabled`.
    public record Capabilities(String sending, String receiving) {}

    /// @param priority left out where there is none
    /// @param found what DNS has, when that is wrong; `null` otherwise
    public record RecordBody(
            String record,
            String name,
            String type,
            String ttl,
            String status,
            String value,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer priority,
            String fqdn,
            @Nullable String found) {

        static RecordBody of(DomainRecord record) {
            return new RecordBody(
                    record.kind().apiName(),
                    record.name(),
                    record.type().name(),
                    "Auto",
                    record.status().apiName(),
                    record.value(),
                    record.priority(),
                    record.fqdn(),
                    record.found());
        }
    }

    /// @param reason why to publish it
    public record SuggestionBody(
            String record,
            String name,
            String type,
            String ttl,
            String value,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer priority,
            String fqdn,
            String reason) {

        static SuggestionBody of(Suggestion suggestion) {
            return new SuggestionBody(
                    suggestion.record(),
                    suggestion.name(),
                    suggestion.type().name(),
                    "Auto",
                    suggestion.value(),
                    suggestion.priority(),
                    suggestion.fqdn(),
                    suggestion.reason());
        }
    }

    static DomainBody whole(DomainView view, DomainRecords wanted) {
        return body(
                view.domain(),
                view.records().stream().map(RecordBody::of).toList(),
                wanted.suggestions(view.domain()).stream().map(SuggestionBody::of).toList());
    }

    static DomainBody item(Domain domain) {
        return body(domain, null, null);
    }

    private static DomainBody body(
            Domain domain,
            @Nullable List<RecordBody> records,
            @Nullable List<SuggestionBody> suggestions) {
        var settings = domain.settings();
        return new DomainBody(
                "domain",
                domain.id().value(),
                domain.name().ascii(),
                domain.status().apiName(),
                ApiTime.postgres(domain.createdAt()),
                domain.region(),
                new Capabilities(enabled(settings.sending()), enabled(settings.receiving())),
                settings.openTracking(),
                settings.clickTracking(),
                settings.trackingSubdomain(),
                settings.tls().name().toLowerCase(Locale.ROOT),
                domain.returnPathLabel(),
                records,
                suggestions);
    }

    private static String enabled(boolean on) {
        return on ? "enabled" : "disabled";
    }
}
