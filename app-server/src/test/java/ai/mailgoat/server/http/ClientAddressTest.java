package ai.mailgoat.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    198.51.100.7 | | 198.51.100.7
                    198.51.100.7 | 203.0.113.9 | 198.51.100.7
                    127.0.0.1 | | 127.0.0.1
                    127.0.0.1 | 203.0.113.9 | 203.0.113.9
                    127.0.0.1 | 1.1.1.1, 203.0.113.9 | 203.0.113.9
                    127.0.0.1 | 203.0.113.9, 10.0.0.3,192.168.1.1 | 203.0.113.9
                    10.0.0.9 | 10.0.0.3 | 10.0.0.3
                    10.0.0.9 | unknown | 10.0.0.9
                    10.0.0.9 | 203.0.113.9, <script> | 10.0.0.9
                    10.0.0.9 | <script>, 203.0.113.9 | 203.0.113.9
                    0:0:0:0:0:0:0:1 | 2001:db8::7 | 2001:db8:0:0:0:0:0:7
                    fd00::1 | 203.0.113.9 | 203.0.113.9
                    """)
    void theClientIsTheFirstOutside(String peer, String forwarded, String client) {
        assertEquals(client, ClientAddress.of(peer, Optional.ofNullable(forwarded)));
    }
}
