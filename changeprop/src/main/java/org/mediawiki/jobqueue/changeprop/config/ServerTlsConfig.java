package org.mediawiki.jobqueue.changeprop.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** TLS of a port of ours. Files are PEM; relative names start at the working directory of the process. */
public record ServerTlsConfig(
        @Setting("File with our certificate; absent: no TLS.") @Nullable
        Path certificate,

        @Setting("File with the private key of `certificate`.") @Nullable
        Path key) {}
