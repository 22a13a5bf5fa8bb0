using System.Net.Security;

namespace Fleet.Rest.Tls;

/// <summary>Serves what two files hold: a renewed certificate is shown to the next connection, and those that are open go on. What cannot be served leaves the last good one.</summary>
internal sealed partial class FollowedCertificate(TlsFiles files, ServerCertificate first, TimeProvider clock, ILogger<FollowedCertificate> logger) : BackgroundService
{
    /// <summary>Two small files; kubelets bring a renewed Secret within a minute or two.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    /// <summary>Whoever renews has done so by then, or does not run.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromDays(3);

    private volatile ServerCertificate served = first;
    private string? told;
    private ServerCertificate? announced;

    /// <summary>Asked at every handshake.</summary>
    public SslStreamCertificateContext Context => served.Context;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookAgain, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Apply(CertificateReload.Decide(served, files.Read, clock.GetUtcNow()));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Apply(ReloadDecision decision)
    {
        if (decision.Next is { } next)
        {
            // The former one may still be in use by a handshake; it goes with the garbage.
            served = next;
            Renewed(next.Leaf.Subject, next.Leaf.NotAfter.ToUniversalTime());
        }
        if (decision.Problem is { } problem && problem != told)
            Kept(problem, served.Leaf.NotAfter.ToUniversalTime());
        told = decision.Problem;
        if (served.Leaf.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime < Soon && announced != served)
        {
            announced = served;
            EndsSoon(served.Leaf.Subject, served.Leaf.NotAfter.ToUniversalTime());
        }
    }

    [LoggerMessage(1341, LogLevel.Information, "A renewed certificate is served from now on: {Subject}, until {End:u}")]
    private partial void Renewed(string subject, DateTime end);

    [LoggerMessage(1342, LogLevel.Error, "The certificate's files changed and cannot be served: {Problem}. The former certificate stays, until {End:u}")]
    private partial void Kept(string problem, DateTime end);

    [LoggerMessage(1343, LogLevel.Warning, "The certificate of {Subject} ends at {End:u}, and no other is in its files")]
    private partial void EndsSoon(string subject, DateTime end);
}
