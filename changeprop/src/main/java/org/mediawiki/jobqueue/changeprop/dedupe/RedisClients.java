package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.RedisConfig;
import org.mediawiki.jobqueue.changeprop.config.TlsConfig;

/** Makes clients of one connection each. */
final class RedisClients implements Supplier<Redis> {

    /** A message has three commands at most, and each is answered. */
    private static final int MOST_UNANSWERED = 3 * RedisMemory.MOST_OUTSTANDING;

    private final Vertx vertx;
    private final RedisOptions options;

    /** The configuration is checked to name a server where Redis is the store. */
    RedisClients(Vertx vertx, @Nullable RedisConfig config) {
        this.vertx = vertx;
        this.options = options(Objects.requireNonNull(config, "dedupe.redis"));
    }

    @Override
    public Redis get() {
        return Redis.createClient(vertx, options);
    }

    private static RedisOptions options(RedisConfig config) {
        return new RedisOptions()
                .setConnectionString(config.uri().toString())
                .setNetClientOptions(network(config))
                // Greetings of newer servers bring nothing that is needed, and old ones and proxies do not know them.
                .setProtocolNegotiation(false)
                .setClientId(false)
                .setMaxPoolSize(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(MOST_UNANSWERED);
    }

    private static NetClientOptions network(RedisConfig config) {
        int openingMillis = Math.toIntExact(RedisLink.OPENING.toMillis());
        NetClientOptions options =
                new NetClientOptions().setConnectTimeout(openingMillis).setTcpKeepAlive(true);
        if (config.uri().getScheme().equals("rediss")) {
            options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
            Optional.ofNullable(config.tls()).ifPresent(tls -> addFiles(options, tls));
        }
        return options;
    }

    /** The configuration is checked to name certificate and key together. */
    private static void addFiles(NetClientOptions options, TlsConfig tls) {
        if (tls.ca() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(tls.ca().toString()));
        }
        if (tls.certificate() != null && tls.key() != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertPath(tls.certificate().toString())
                    .addKeyPath(tls.key().toString()));
        }
    }
}
