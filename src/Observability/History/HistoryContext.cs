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
        // A snapshot's model is built without conventions, so whatever they would add is said here.
        row.Property(e => e.Uid).HasColumnName("uid").HasColumnType("uuid").ValueGeneratedNever();
        row.Property(e => e.Namespace).HasColumnName("namespace").HasColumnType("text").IsRequired();
        row.Property(e => e.Kind).HasColumnName("kind").HasColumnType("text").IsRequired();
        row.Property(e => e.Name).HasColumnName("name").HasColumnType("text").IsRequired();
        row.Property(e => e.ObjectUid).HasColumnName("object_uid").HasColumnType("text");
        row.Property(e => e.Type).HasColumnName("type").HasColumnType("text").IsRequired();
        row.Property(e => e.Reason).HasColumnName("reason").HasColumnType("text").IsRequired();
        row.Property(e => e.Message).HasColumnName("message").HasColumnType("text").IsRequired();
        row.Property(e => e.Count).HasColumnName("count").HasColumnType("integer").IsRequired();
        row.Property(e => e.FirstSeen).HasColumnName("first_seen").HasColumnType("timestamp with time zone").IsRequired();
        row.Property(e => e.LastSeen).HasColumnName("last_seen").HasColumnType("timestamp with time zone").IsRequired();
        row.HasIndex(e => new { e.Namespace, e.Name, e.LastSeen }).HasDatabaseName("events_by_object");
        row.HasIndex(e => e.LastSeen).HasDatabaseName("events_by_time");
    });
}
