namespace Fleet.ControlPlane.Hosting;

/// <summary>The administrator's kubeconfig: made anew at each start, and while the server runs when half of the life of its certificate is over. Whoever has the former one has as much time to read it again.</summary>
internal sealed class AdminKubeconfig : IDisposable
{
    /// <summary>Certificates are good for a year.</summary>
    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(182);

    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private readonly ControlPlaneFiles files;
    private readonly Func<string> make;
    private readonly TimeProvider clock;
    private readonly ILogger? logger;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private DateTimeOffset made;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public AdminKubeconfig(ControlPlaneFiles files, Func<string> make, TimeProvider clock, ILogger? logger)
    {
        (this.files, this.make, this.clock, this.logger) = (files, make, clock, logger);
        Write();
        timer = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public void Dispose()
    {
        timer.Dispose();
        // A look that is under way ends before the folder is somebody else's.
        lock (gate)
            made = DateTimeOffset.MaxValue;
    }

    private void Look()
    {
        lock (gate)
        {
            if (made == DateTimeOffset.MaxValue || clock.GetUtcNow() - made < RenewAfter)
                return;
            try
            {
                Write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // There is half a year for it, an hour at a time.
                logger?.LogWarning(e, "The administrator's kubeconfig could not be written anew");
            }
        }
    }

    private void Write()
    {
        files.WriteKubeconfig(make());
        made = clock.GetUtcNow();
    }
}
