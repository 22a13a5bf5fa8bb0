using Microsoft.EntityFrameworkCore;

namespace Fleet.Observability.History;

/// <summary>The history in PostgreSQL. Nothing in it is needed to reconcile: losing it loses history, never a cluster.</summary>
public sealed class HistoryContext(DbContextOptions<HistoryContext> options) : DbContext(options)
{
    public DbSet<EventRow> Events => Set<EventRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => Configure(modelBuilder);

    /// <summary>Also the model of the migrations' snapshot: migrations are written by hand, and the tests compare them with this.</summary>
    internal static void Configure(ModelBuilder model) => model.Entity<EventRow>(row =>
    {
        row.ToTable("events");
        row.HasKey(e => e.Uid);
        row.Property(e => e.Uid).HasColumnName("uid");
        row.Property(e => e.Namespace).HasColumnName("namespace");
        row.Property(e => e.Kind).HasColumnName("kind");
        row.Property(e => e.Name).HasColumnName("name");
        row.Property(e => e.ObjectUid).HasColumnName("object_uid");
        row.Property(e => e.Type).HasColumnName("type");
        row.Property(e => e.Reason).HasColumnName("reason");
        row.Property(e => e.Message).HasColumnName("message");
        row.Property(e => e.Count).HasColumnName("count");
        row.Property(e => e.FirstSeen).HasColumnName("first_seen");
        row.Property(e => e.LastSeen).HasColumnName("last_seen");
        row.HasIndex(e => new { e.Namespace, e.Name, e.LastSeen }).HasDatabaseName("events_by_object");
        row.HasIndex(e => e.LastSeen).HasDatabaseName("events_by_time");
    });
}
