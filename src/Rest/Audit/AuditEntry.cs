using System.Text.Json.Serialization;
using Fleet.Contracts.Api;

namespace Fleet.Rest.Audit;

/// <summary>How a call ended. <see cref="Started"/> that stays: the process ended in between, or nobody could write the end down.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditOutcome>))]
public enum AuditOutcome { Started, Succeeded, Failed, Refused }

/// <summary>One call: who, from where, what, on what, with which result. Holds no secret and no body.</summary>
public sealed record AuditEntry
{
    public required Guid RequestId { get; init; }
    public required DateTimeOffset Time { get; init; }

    /// <summary>Empty for callers whom the management API does not know.</summary>
    public required string User { get; init; }
    public string? Uid { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public string? From { get; init; }
    public required string Verb { get; init; }
    public required string Resource { get; init; }
    public string? Namespace { get; init; }
    public string? Name { get; init; }
    public bool DryRun { get; init; }

    /// <summary>From <see cref="ObjectHash"/>.</summary>
    public string? Before { get; init; }
    public string? After { get; init; }
    public AuditOutcome Outcome { get; init; }

    /// <summary>HTTP status.</summary>
    public int? Status { get; init; }
    public string? Detail { get; init; }

    public AuditView View() => new()
    {
        RequestId = RequestId,
        Time = Time,
        User = User,
        Uid = Uid,
        Groups = Groups,
        From = From,
        Verb = Verb,
        Resource = Resource,
        Namespace = Namespace,
        Name = Name,
        DryRun = DryRun,
        Before = Before,
        After = After,
        Outcome = Outcome.ToString(),
        Status = Status,
        Detail = Detail,
    };
}
