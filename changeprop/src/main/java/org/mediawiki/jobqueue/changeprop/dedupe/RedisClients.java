package org.mediawiki.jobqueue.changeprop.dedupe;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.RedisConfig;

/** Makes clients of one connection each. */
final class RedisClients implements Supplier<Redis> {

    /** Of each message's commands, an answer is waited for. */
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
                .setNetClientOptions(network(config.uri().getScheme().equals("rediss")))
                // Greetings of newer servers bring nothing that is needed, and old ones and proxies do not know them.
                .setProtocolNegotiation(false)
                .setClientId(false)
                .setMaxPoolSize(1)
                .setPoolCleanerInterval(-1)
                .setPoolRecycleTimeout(-1)
                .setMaxWaitingHandlers(MOST_UNANSWERED);
    }

    private static NetClientOptions network(boolean isEncrypted) {
        NetClientOptions options = new NetClientOptions()
                .setConnectTimeout(Math.toIntExact(RedisLink.OPENING.toMillis()))
                .setTcpKeepAlive(true);
        return isEncrypted ? options.setSsl(true).setHostnameVerificationAlgorithm("HTTPS") : options;
    }
}
