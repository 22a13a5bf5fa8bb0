using System.Text;
using Fleet.Control.Certificates;
using Fleet.Rest.Tls;

namespace Fleet.Host.Tls;

/// <summary>
/// The certificate of a fleet that has its own authority, in files of the data folder: keys with mode 0600, and <see cref="Authority"/> for whoever is to trust it.
/// Renewed before they end, also while the fleet runs; whoever serves them follows the files.
/// </summary>
internal sealed partial class OwnCertificates(string folder, TimeProvider clock, ILogger<OwnCertificates> logger)
{
    private const UnixFileMode OnlyMe = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>People trust it in their browsers by hand, as they do the one of the embedded API server in their kubeconfigs: it lasts as long.</summary>
    private static readonly AuthorityTerms Terms = new("fleet", TimeSpan.FromDays(3650));

    private static readonly string[] Names = ["localhost", "127.0.0.1", "::1"];

    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    public string Authority => At("ca.crt");

    public TlsFiles Files => new(At("tls.crt"), At("tls.key"));

    /// <summary>Makes what is absent or about to end. The certificates that callers have to trust.</summary>
    public string Renew()
    {
        Directory.CreateDirectory(folder, OnlyMe | UnixFileMode.UserExecute);
        var kept = new ServingCertificates(Read("ca.crt"), Read("ca.key"), Read("tls.crt"), Read("tls.key"));
        var wanted = ServingCertificates.Renew(kept, Terms, Names, clock.GetUtcNow());
        if (ReferenceEquals(wanted, kept))
            return kept.Authorities;
        // Trusted before anything is signed by it, and each key before its certificate: of a pair that a crash has left half, the next look makes another.
        Write("ca.key", wanted.AuthorityKey, OnlyMe);
        Write("ca.crt", wanted.Authorities, OnlyMe | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Write("tls.key", wanted.ServingKey, OnlyMe);
        Write("tls.crt", wanted.Serving, OnlyMe | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return wanted.Authorities;
    }

    /// <param name="tell">Tells others whom to trust, after each look.</param>
    public async Task KeepAsync(Func<string, CancellationToken, Task> tell, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(LookAgain, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                try
                {
                    await tell(Renew(), ct);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException or Kubernetes.Resources.KubeApiException)
                {
                    NotRenewed(e, folder);
                }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
        }
    }

    private string At(string name) => Path.Combine(folder, name);

    private string Read(string name) => File.Exists(At(name)) ? File.ReadAllText(At(name)) : "";

    /// <summary>Beside it and in its place at once; never readable by others for a moment.</summary>
    private void Write(string name, string text, UnixFileMode mode)
    {
        var fresh = At(name) + ".new";
        File.Delete(fresh);
        using (var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(fresh, At(name), overwrite: true);
    }

    [LoggerMessage(9011, LogLevel.Error, "The certificates in {Folder} could not be looked after; tried again in an hour")]
    private partial void NotRenewed(Exception exception, string folder);
}
