namespace Fleet.ControlPlane.Hosting;

/// <summary>The files of one control plane. Holds a lock on the folder, so that two processes never share it.</summary>
internal sealed class ControlPlaneFiles : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly bool temporary;
    private readonly FileStream folderLock;

    private ControlPlaneFiles(string folder, bool temporary, string? kubeconfig, FileStream folderLock)
    {
        Folder = folder;
        this.temporary = temporary;
        this.folderLock = folderLock;
        Kubeconfig = kubeconfig ?? Path.Combine(folder, "admin.kubeconfig");
    }

    public string Folder { get; }
    public string Kubeconfig { get; }
    public string CertificateAuthority => Path.Combine(Folder, "ca.crt");
    public string CertificateAuthorityKey => Path.Combine(Folder, "ca.key");
    public string TokenKey => Path.Combine(Folder, "service-accounts.key");
    public string Log => Path.Combine(Folder, "objects");

    /// <summary>What Secrets on the disk are sealed with.</summary>
    public Storage.SecretSeal Seal(ControlPlaneOptions options) => Storage.SecretSeal.Open(options.SecretsKeyFile ?? Path.Combine(Folder, "secrets.key"));

    public static ControlPlaneFiles Open(ControlPlaneOptions options)
    {
        var temporary = options.DataFolder is null;
        var folder = options.DataFolder ?? Directory.CreateTempSubdirectory("fleet-control-plane-").FullName;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            // FileShare.None is an advisory lock of the operating system, which ends with the process however it ends.
            var held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(folder, temporary, options.KubeconfigPath, held);
        }
        catch (IOException taken)
        {
            throw new IOException($"another process uses the control plane's data folder {folder}; stop it first, or choose another folder", taken);
        }
    }

    public void WriteKubeconfig(string text) => WriteSecret(Kubeconfig, text);

    /// <summary>Readable by the owner only, and either the old or the new text after a crash.</summary>
    public static void WriteSecret(string path, string text)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    public void Dispose()
    {
        folderLock.Dispose();
        if (temporary) Directory.Delete(Folder, recursive: true);
    }
}
