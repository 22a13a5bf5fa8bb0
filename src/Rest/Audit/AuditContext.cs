using Microsoft.EntityFrameworkCore;

namespace Fleet.Rest.Audit;

/// <summary>
/// The audit in PostgreSQL. It may share its database with the history of Observability: tables and the list of migrations are its own.
/// </summary>
internal sealed class AuditContext(DbContextOptions<AuditContext> options) : DbContext(options)
{
    public const string MigrationsTable = "audit_migrations";

    public DbSet<AuditRow> Entries => Set<AuditRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => Configure(modelBuilder);

    /// <summary>Also the model of the migrations' snapshot, which is built without conventions: whatever they would add is said here.</summary>
    internal static void Configure(ModelBuilder model) => model.Entity<AuditRow>(row =>
    {
        row.ToTable("audit");
        row.HasKey(e => new { e.Sequence, e.Recorded });
        row.Property(e => e.Sequence).HasColumnName("sequence").HasColumnType("bigint").ValueGeneratedNever();
        row.Property(e => e.Recorded).HasColumnName("recorded").HasColumnType("timestamp with time zone").IsRequired();
        row.Property(e => e.Previous).HasColumnName("previous_hash").HasColumnType("text").IsRequired();
        row.Property(e => e.Hash).HasColumnName("hash").HasColumnType("text").IsRequired();
        row.Property(e => e.RequestId).HasColumnName("request_id").HasColumnType("uuid").IsRequired();
        row.Property(e => e.Time).HasColumnName("time").HasColumnType("timestamp with time zone").IsRequired();
        row.Property(e => e.User).HasColumnName("user_name").HasColumnType("text").IsRequired();
        row.Property(e => e.Uid).HasColumnName("user_uid").HasColumnType("text");
        row.Property(e => e.Groups).HasColumnName("user_groups").HasColumnType("text[]").IsRequired();
        row.Property(e => e.Source).HasColumnName("source").HasColumnType("text");
        row.Property(e => e.Verb).HasColumnName("verb").HasColumnType("text").IsRequired();
        row.Property(e => e.Resource).HasColumnName("resource").HasColumnType("text").IsRequired();
        row.Property(e => e.Namespace).HasColumnName("namespace").HasColumnType("text");
        row.Property(e => e.Name).HasColumnName("name").HasColumnType("text");
        row.Property(e => e.DryRun).HasColumnName("dry_run").HasColumnType("boolean").IsRequired();
        row.Property(e => e.Before).HasColumnName("before_hash").HasColumnType("text");
        row.Property(e => e.After).HasColumnName("after_hash").HasColumnType("text");
        row.Property(e => e.Outcome).HasColumnName("outcome").HasColumnType("text").IsRequired();
        row.Property(e => e.Status).HasColumnName("status").HasColumnType("integer");
        row.Property(e => e.Detail).HasColumnName("detail").HasColumnType("text");
        row.HasIndex(e => new { e.RequestId, e.Sequence }).HasDatabaseName("audit_by_request");
        row.HasIndex(e => new { e.Time, e.RequestId }).HasDatabaseName("audit_by_time");
        row.HasIndex(e => new { e.Namespace, e.Name, e.Time }).HasDatabaseName("audit_by_object");
        row.HasIndex(e => new { e.User, e.Time }).HasDatabaseName("audit_by_user");
    });
}
