using System.ComponentModel;

namespace Fleet.Contracts.Api;

/// <summary>Data of a server-sent event <c>deleted</c>: the object is gone.</summary>
public sealed record DeletedView
{
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }
    public string? Uid { get; init; }
}

/// <summary>Data of the server-sent events <c>resync</c>, <c>synced</c> and <c>closing</c>.</summary>
public sealed record WatchNoteView
{
    [Description("The kind that is listed anew; absent when the stream as a whole is meant.")]
    public string? Kind { get; init; }
    public required string Reason { get; init; }

    [Description("Of synced: there are objects that the caller may not see.")]
    public bool LimitedByAccess { get; init; }
}
