using System.Runtime.InteropServices;

namespace Fleet.ControlPlane.Storage;

/// <summary>Makes the names in a folder durable: a new file is only safe when its folder has been flushed, too.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        var descriptor = Open(folder, ReadOnly);
        if (descriptor < 0) throw new IOException($"the folder {folder} cannot be opened (error {Marshal.GetLastPInvokeError()})");
        var failed = Sync(descriptor) != 0;
        _ = Close(descriptor);
        if (failed) throw new IOException($"the folder {folder} cannot be flushed (error {Marshal.GetLastPInvokeError()})");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
