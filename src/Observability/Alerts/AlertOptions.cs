using Fleet.Control.Durations;

namespace Fleet.Observability.Alerts;

/// <summary>How alerts are evaluated and told.</summary>
public sealed record AlertOptions
{
    /// <summary>
    /// Whether receivers may be on this machine's loopback addresses. Off in production: who may write a Receiver must not reach what listens for this machine only.
    /// </summary>
    public bool AllowLoopback { get; init; }

    /// <summary>How often it is looked at what is due.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt to tell a receiver may take.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What could not be delivered for so long is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many notifications may wait for one receiver; beyond it the oldest are given up.</summary>
    public int MostWaiting { get; init; } = 1000;

    /// <summary>How long attempts and what was given up are remembered.</summary>
    public TimeSpan Remembered { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many attempts are remembered for each receiver.</summary>
    public int MostDeliveries { get; init; } = 1000;

    /// <summary>Address at which people look at alerts, for links in notifications; null: no links.</summary>
    public Uri? ExternalAddress { get; init; }

    /// <summary>The shortest interval in which rules are evaluated.</summary>
    public TimeSpan ShortestInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="FormatException">Something can not be used; the message says what it should look like.</exception>
    public static AlertOptions For(string? receiversOnLoopback, string? externalAddress)
    {
        var loopback = receiversOnLoopback switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw new FormatException("--alert-receivers-on-loopback is true or false"),
        };
        if (externalAddress is null)
            return new() { AllowLoopback = loopback };
        return Uri.TryCreate(externalAddress.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new() { AllowLoopback = loopback, ExternalAddress = address }
            : throw new FormatException("--external-address takes an http(s) address, for example https://fleet.example");
    }

    /// <summary>A duration of a spec; what can not be read is <paramref name="otherwise"/>, for the schema has refused it.</summary>
    internal static TimeSpan DurationOf(string? text, TimeSpan otherwise) => GoDuration.TryParse(text, out var duration) ? duration : otherwise;
}
