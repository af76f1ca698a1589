package ai.mailgoat.server.cli;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing the doctor looked at.
///
/// @param fix what to do, absent for a pass
record Check(String name, Status status, String detail, @Nullable String fix) {

    /// From good to bad.
    enum Status {
        PASS,
        WARN,
        FAIL;

        @JsonValue
        String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Check pass(String name, String detail) {
        return new Check(name, Status.PASS, detail, null);
    }

    static Check warn(String name, String detail, String fix) {
        return new Check(name, Status.WARN, detail, fix);
    }

    static Check fail(String name, String detail, String fix) {
        return new Check(name, Status.FAIL, detail, fix);
    }
}
