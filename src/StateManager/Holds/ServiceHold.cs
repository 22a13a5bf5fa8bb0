using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Helm.Values;

namespace Fleet.StateManager.Holds;

/// <summary>A service that a person keeps from following its declaration.</summary>
internal sealed record ServiceHold
{
    /// <summary>The revision of the release that it was taken back to; null: it stays as it is.</summary>
    public int? Revision { get; init; }

    public string By { get; init; } = "";

    public DateTimeOffset? Since { get; init; }

    /// <summary>What was declared when it was taken back (<see cref="DeclarationOf"/>): another declaration ends the hold. Null: only a person ends it.</summary>
    public string? Declared { get; init; }

    /// <summary>Why the entry cannot be understood; the service then stays as it is, because somebody wanted it held.</summary>
    public string? Problem { get; init; }

    /// <summary>Stands for "this revision, at this wish" where a release is compared with what it was made of.</summary>
    public string Fingerprint => string.Create(CultureInfo.InvariantCulture, $"revision-{Revision}-{Since?.ToUnixTimeMilliseconds()}");

    /// <summary>A rollback is about what was declared then. Whoever declares something else wants that.</summary>
    public bool IsOver(PlacedService? wanted) => Declared is not null && (wanted is null || Declared != DeclarationOf(wanted));

    /// <summary>For people.</summary>
    public string Text(PlacedService? wanted)
    {
        if (Problem is not null)
            return Problem;
        var who = (By.Length > 0 ? $" by {By}" : "") + (Since is { } since ? $" since {since:u}" : "");
        var end = $"`fleet resume service {wanted?.Name}`";
        return Revision is { } revision
            ? $"held at revision {revision}{who}: the declaration is not applied until it changes, or {end}"
            : $"paused{who}: changes of the declaration are not applied until {end}";
    }

    /// <summary>Identifies a declaration of a service.</summary>
    public static string DeclarationOf(PlacedService service)
    {
        var json = JsonSerializer.SerializeToNode(new ServiceSetSpec { Services = [service] }, ContractsJson.Default.ServiceSetSpec)!;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalValues.ToText(json))).AsSpan(0, 8));
    }
}
