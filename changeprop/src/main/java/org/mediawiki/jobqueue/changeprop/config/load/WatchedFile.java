package org.mediawiki.jobqueue.changeprop.config.load;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A configuration file that may change. It is looked at, not listened to: what stands there is compared with what stood
 * there, so it makes no difference how it came: written over, replaced, or through a link that another folder stands
 * behind now, as with the ConfigMaps of Kubernetes. Used on one thread; blocks on files.
 */
public final class WatchedFile {

    private final Path file;
    private final ConfigurationLoader loader;
    private Optional<ByteBuffer> taken = Optional.empty();
    private Optional<ByteBuffer> seen = Optional.empty();

    /** {@code loader} reads it, every time alike: with the same variables, and what a command says in its place. */
    public WatchedFile(Path file, ConfigurationLoader loader) {
        this.file = file;
        this.loader = loader;
    }

    /** Loads what stands there now. */
    public LoadResult load() {
        // Looked at first: what changes in between is loaded again rather than missed.
        taken = content();
        seen = taken;
        return loader.load(file);
    }

    /**
     * Loads the file if it has changed since it was last loaded, and stood there alike at the last call: whoever writes
     * it may not be done yet. A second call finds it.
     */
    public Optional<LoadResult> loadIfChanged() {
        Optional<ByteBuffer> before = seen;
        seen = content();
        if (seen.equals(taken) || !seen.equals(before)) {
            return Optional.empty();
        }
        taken = seen;
        return Optional.of(loader.load(file));
    }

    /** Empty where it cannot be read. */
    private Optional<ByteBuffer> content() {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(ByteBuffer.wrap(in.readNBytes(ConfigurationLoader.MAX_FILE_BYTES + 1)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
