using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.StateManager.Compliance.Storage;

/// <summary>The compliance report in PostgreSQL. It may share its database with other histories: tables and the list of migrations are its own.</summary>
internal sealed class ComplianceContext(DbContextOptions<ComplianceContext> options) : DbContext(options)
{
    public const string MigrationsTable = "compliance_migrations";

    public DbSet<ComplianceClusterRow> Clusters => Set<ComplianceClusterRow>();

    public DbSet<CompliancePolicyRow> Policies => Set<CompliancePolicyRow>();

    public DbSet<ComplianceFindingRow> Findings => Set<ComplianceFindingRow>();

    public DbSet<ComplianceTrendRow> Trend => Set<ComplianceTrendRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => Configure(modelBuilder);

    /// <summary>Also the model of the migrations' snapshot, which is built without conventions: whatever they would add is said here.</summary>
    internal static void Configure(ModelBuilder model)
    {
        model.Entity<ComplianceClusterRow>(row =>
        {
            row.ToTable("compliance_cluster");
            row.HasKey(e => new { e.Namespace, e.Cluster });
            Text(row, e => e.Namespace, "namespace");
            Text(row, e => e.Cluster, "cluster");
            row.Property(e => e.ObservedAt).HasColumnName("observed_at").HasColumnType("timestamp with time zone");
            row.Property(e => e.Problem).HasColumnName("problem").HasColumnType("text");
            row.Property(e => e.Kinds).HasColumnName("kinds").HasColumnType("text[]").IsRequired();
            row.Property(e => e.LeftOut).HasColumnName("left_out").HasColumnType("integer").IsRequired();
        });
        model.Entity<CompliancePolicyRow>(row =>
        {
            row.ToTable("compliance_policy");
            row.HasKey(e => new { e.Namespace, e.Cluster, e.Source, e.Policy, e.TargetNamespace });
            Text(row, e => e.Place, "place");
            Counts(row);
            row.HasIndex(e => e.Place).HasDatabaseName("compliance_policy_by_place");
        });
        model.Entity<ComplianceTrendRow>(row =>
        {
            row.ToTable("compliance_trend");
            row.HasKey(e => new { e.Namespace, e.Cluster, e.Source, e.Policy, e.TargetNamespace, e.Day });
            row.Property(e => e.Day).HasColumnName("day").HasColumnType("date").IsRequired();
            Counts(row);
        });
        model.Entity<ComplianceFindingRow>(row =>
        {
            row.ToTable("compliance_finding");
            row.HasKey(e => new { e.Namespace, e.Cluster, e.Place });
            foreach (var (of, name) in new (Expression<Func<ComplianceFindingRow, string>>, string)[]
            {
                (e => e.Namespace, "namespace"), (e => e.Cluster, "cluster"), (e => e.Place, "place"), (e => e.Source, "source"), (e => e.Policy, "policy"),
                (e => e.TargetNamespace, "target_namespace"), (e => e.Rule, "rule"), (e => e.Result, "result"), (e => e.Severity, "severity"), (e => e.Category, "category"),
                (e => e.Kind, "kind"), (e => e.Name, "name"), (e => e.Message, "message"),
            })
                Text(row, of, name);
            row.Property(e => e.ExceptedBy).HasColumnName("excepted_by").HasColumnType("text");
            row.HasIndex(e => new { e.Namespace, e.ExceptedBy }).HasDatabaseName("compliance_finding_by_exception");
        });
    }

    private static void Counts<TRow>(EntityTypeBuilder<TRow> row) where TRow : ComplianceCountsRow
    {
        Text(row, e => e.Namespace, "namespace");
        Text(row, e => e.Cluster, "cluster");
        Text(row, e => e.Source, "source");
        Text(row, e => e.Policy, "policy");
        Text(row, e => e.TargetNamespace, "target_namespace");
        foreach (var (of, name) in new (Expression<Func<TRow, int>>, string)[]
        {
            (e => e.Pass, "pass"), (e => e.Fail, "fail"), (e => e.Warn, "warn"), (e => e.Error, "error"), (e => e.Skip, "skip"), (e => e.Excepted, "excepted"),
        })
            row.Property(of).HasColumnName(name).HasColumnType("integer").IsRequired();
        row.Ignore(e => e.Key);
        row.Ignore(e => e.Counts);
    }

    private static void Text<TRow>(EntityTypeBuilder<TRow> row, Expression<Func<TRow, string>> of, string name) where TRow : class =>
        row.Property(of).HasColumnName(name).HasColumnType("text").IsRequired();
}
