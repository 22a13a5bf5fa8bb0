using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Audit;

namespace Fleet.Rest.Audit;

/// <summary>The audit without a database: one line of JSON an entry in the log. It cannot be asked.</summary>
internal sealed partial class LoggedAudit : IAuditStore
{
    private readonly ILogger<LoggedAudit> log;

    public LoggedAudit(ILogger<LoggedAudit> log)
    {
        this.log = log;
        LogNoDatabase();
    }

    public Task SaveAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken ct)
    {
        foreach (var entry in entries)
            LogEntry(JsonSerializer.Serialize(entry, AuditJson.Default.AuditEntry));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AuditEntry>?> FindAsync(AuditQuery query, CancellationToken ct) => Task.FromResult<IReadOnlyList<AuditEntry>?>(null);

    public Task<AuditExport?> ExportAsync(AuditPlace? after, CancellationToken ct) => Task.FromResult<AuditExport?>(null);

    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken ct) => Task.FromResult(0);

    [LoggerMessage(1321, LogLevel.Warning, "No database for the audit: who changed what is only in this log. Name one with --postgres FILE")]
    private partial void LogNoDatabase();

    [LoggerMessage(1322, LogLevel.Information, "audit {Entry}")]
    private partial void LogEntry(string entry);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
