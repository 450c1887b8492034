package org.mediawiki.jobqueue.changeprop.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** TLS towards a target, or Redis. Files are PEM; relative names start at the working directory of the process. */
public record TlsConfig(
        @Setting("File with the certificate authorities to trust; absent: those of the JDK.") @Nullable
        Path ca,

        @Setting("File with our certificate, for targets that ask who we are; goes with `key`.") @Nullable
        Path certificate,

        @Setting("File with the private key of `certificate`.") @Nullable
        Path key) {}
