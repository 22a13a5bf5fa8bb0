using Microsoft.EntityFrameworkCore;

namespace Fleet.StateManager.Drift.History;

/// <summary>The history of drift in PostgreSQL. It may share its database with other histories: tables and the list of migrations are its own.</summary>
internal sealed class DriftContext(DbContextOptions<DriftContext> options) : DbContext(options)
{
    public const string MigrationsTable = "service_drift_migrations";

    public DbSet<DriftRow> Entries => Set<DriftRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => Configure(modelBuilder);

    /// <summary>Also the model of the migrations' snapshot, which is built without conventions: whatever they would add is said here.</summary>
    internal static void Configure(ModelBuilder model) => model.Entity<DriftRow>(row =>
    {
        row.ToTable("service_drift");
        row.HasKey(e => e.Id);
        row.Property(e => e.Id).HasColumnName("id").HasColumnType("uuid").ValueGeneratedNever();
        row.Property(e => e.Time).HasColumnName("time").HasColumnType("timestamp with time zone").IsRequired();
        row.Property(e => e.Namespace).HasColumnName("namespace").HasColumnType("text").IsRequired();
        row.Property(e => e.Cluster).HasColumnName("cluster").HasColumnType("text").IsRequired();
        row.Property(e => e.ServiceSet).HasColumnName("service_set").HasColumnType("text").IsRequired();
        row.Property(e => e.ServiceNamespace).HasColumnName("service_namespace").HasColumnType("text").IsRequired();
        row.Property(e => e.Service).HasColumnName("service").HasColumnType("text").IsRequired();
        row.Property(e => e.ApiVersion).HasColumnName("object_api_version").HasColumnType("text").IsRequired();
        row.Property(e => e.Kind).HasColumnName("object_kind").HasColumnType("text").IsRequired();
        row.Property(e => e.ObjectNamespace).HasColumnName("object_namespace").HasColumnType("text").IsRequired();
        row.Property(e => e.ObjectName).HasColumnName("object_name").HasColumnType("text").IsRequired();
        row.Property(e => e.IsMissing).HasColumnName("is_missing").HasColumnType("boolean").IsRequired();
        row.Property(e => e.Fields).HasColumnName("fields").HasColumnType("text[]").IsRequired();
        row.Property(e => e.ChangedBy).HasColumnName("changed_by").HasColumnType("text");
        row.Property(e => e.ChangedAt).HasColumnName("changed_at").HasColumnType("timestamp with time zone");
        row.Property(e => e.Action).HasColumnName("action").HasColumnType("text").IsRequired();
        row.Property(e => e.Detail).HasColumnName("detail").HasColumnType("text");
        row.HasIndex(e => e.Time).HasDatabaseName("service_drift_by_time");
        row.HasIndex(e => new { e.Namespace, e.Cluster, e.Time }).HasDatabaseName("service_drift_by_cluster");
    });
}
