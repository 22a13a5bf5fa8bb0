using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>One call that the audit knows.</summary>
public sealed record AuditView
{
    public required Guid RequestId { get; init; }
    public DateTimeOffset Time { get; init; }

    [Description("Empty for a caller whom the management API does not know.")]
    public required string User { get; init; }
    public string? Uid { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public string? From { get; init; }
    public required string Verb { get; init; }

    [Description("Plural name of the kind, with the virtual subresource where there is one.")]
    public required string Resource { get; init; }
    public string? Namespace { get; init; }
    public string? Name { get; init; }
    public bool DryRun { get; init; }

    [Description("SHA-256 of the object before: canonical JSON without managedFields, resourceVersion, status and secrets.")]
    public string? Before { get; init; }
    public string? After { get; init; }

    [Description("Started, Succeeded, Failed or Refused. Started on an old entry: the process ended in between, or the database did not answer.")]
    public required string Outcome { get; init; }

    [Description("HTTP status of the answer.")]
    public int? Status { get; init; }
    public string? Detail { get; init; }
}
