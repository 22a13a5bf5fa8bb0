using Microsoft.EntityFrameworkCore;

namespace Fleet.Rest.SignIn;

/// <summary>Sign-ins under way in PostgreSQL, beside the audit: the table and the list of migrations are its own. Rows are written and taken by SQL alone.</summary>
internal sealed class SignInContext(DbContextOptions<SignInContext> options) : DbContext(options)
{
    public const string MigrationsTable = "sign_in_migrations";
}
