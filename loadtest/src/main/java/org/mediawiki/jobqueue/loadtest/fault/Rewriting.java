package org.mediawiki.jobqueue.loadtest.fault;

import java.lang.instrument.ClassFileTransformer;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Makes classes ask {@link Faults}: whoever reads the wall clock, which is every class but the JDK's, and of that the few
 * through which {@code Instant.now()}, every {@code Clock} and {@code new Date()} go; and RocksDB, before what it does on
 * the disk. Called by the JVM on whatever thread loads a class.
 */
final class Rewriting implements ClassFileTransformer {

    static final String SYSTEM_CLOCK = "java/time/Clock$SystemClock";

    private static final String CLOCK = "java/time/Clock";
    private static final String DATE = "java/util/Date";
    private static final String STORE = "org/rocksdb/RocksDB";
    private static final String OWN = "org/mediawiki/jobqueue/loadtest/fault/";
    private static final String FAULTS = OWN + "Faults";

    /** Whoever rewrites is not rewritten. */
    private static final String SELF = OWN + "Rewriting";

    private static final String SYSTEM = "java/lang/System";
    private static final String MILLIS = "currentTimeMillis";
    private static final String MILLIS_TYPE = "()J";
    private static final String INSTANT_TYPE = "()Ljava/time/Instant;";
    private static final Set<String> OF_THE_JDK = Set.of(CLOCK, SYSTEM_CLOCK, DATE);
    private static final Set<String> ON_DISK = Set.of("put", "merge", "delete", "deleteRange", "write", "get", "flush");
    private static final byte[] SOUGHT = MILLIS.getBytes(StandardCharsets.US_ASCII);
    private static final int API = Opcodes.ASM9;

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> before,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (name == null || !concerns(loader, name) || !(name.equals(STORE) || name.equals(CLOCK) || mentions(bytes))) {
            return null;
        }
        try {
            ClassReader reader = new ClassReader(bytes);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new Rewritten(writer, name), 0);
            return writer.toByteArray();
        } catch (RuntimeException e) {
            // The JVM would keep it to itself, and the instance's clock be right in places.
            System.err.println("Nothing will be the matter in " + name + ", which cannot be rewritten: " + e);
            return null;
        }
    }

    private static boolean concerns(@Nullable ClassLoader loader, String name) {
        boolean ofTheJdk = loader == null || loader == ClassLoader.getPlatformClassLoader();
        return ofTheJdk ? OF_THE_JDK.contains(name) : !name.startsWith(SELF);
    }

    /** Most classes do not, and need not be read. */
    private static boolean mentions(byte[] bytes) {
        for (int from = 0; from <= bytes.length - SOUGHT.length; from++) {
            if (bytes[from] == SOUGHT[0]
                    && Arrays.equals(bytes, from, from + SOUGHT.length, SOUGHT, 0, SOUGHT.length)) {
                return true;
            }
        }
        return false;
    }

    /** A class on its way. What is put in changes no stack and no frame. */
    private static final class Rewritten extends ClassVisitor {

        private final String name;

        Rewritten(ClassVisitor next, String name) {
            super(API, next);
            this.name = name;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String method, String type, @Nullable String signature, String @Nullable [] thrown) {
            MethodVisitor next = super.visitMethod(access, method, type, signature, thrown);
            if (next == null) {
                return null;
            } else if (name.equals(CLOCK)) {
                return method.equals("currentInstant") && type.equals(INSTANT_TYPE) ? new Shifted(next) : next;
            } else if (name.equals(STORE) && isOnDisk(access, method)) {
                return new Delayed(next);
            }
            return new Asking(next);
        }

        private static boolean isOnDisk(int access, String method) {
            int kind = access & (Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_NATIVE);
            return kind == Opcodes.ACC_PUBLIC && ON_DISK.contains(method);
        }
    }

    /** What it returns is shifted. */
    private static final class Shifted extends MethodVisitor {

        Shifted(MethodVisitor next) {
            super(API, next);
        }

        @Override
        public void visitInsn(int opcode) {
            if (opcode == Opcodes.ARETURN) {
                String type = "(Ljava/time/Instant;)Ljava/time/Instant;";
                super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "shifted", type, false);
            }
            super.visitInsn(opcode);
        }
    }

    /** It begins later. */
    private static final class Delayed extends MethodVisitor {

        Delayed(MethodVisitor next) {
            super(API, next);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULTS, "disk", "()V", false);
        }
    }

    /** Where it asked the system for the time, by a call or by a reference to the method, it asks us. */
    private static final class Asking extends MethodVisitor {

        Asking(MethodVisitor next) {
            super(API, next);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String method, String type, boolean ofInterface) {
            boolean ours = owner.equals(SYSTEM) && method.equals(MILLIS);
            super.visitMethodInsn(opcode, ours ? FAULTS : owner, method, type, ofInterface);
        }

        @Override
        public void visitInvokeDynamicInsn(String method, String type, Handle bootstrap, Object... given) {
            Object[] asked = Arrays.stream(given).map(Asking::ours).toArray();
            super.visitInvokeDynamicInsn(method, type, bootstrap, asked);
        }

        private static Object ours(Object given) {
            return given instanceof Handle handle
                            && handle.getOwner().equals(SYSTEM)
                            && handle.getName().equals(MILLIS)
                    ? new Handle(handle.getTag(), FAULTS, MILLIS, MILLIS_TYPE, false)
                    : given;
        }
    }
}
