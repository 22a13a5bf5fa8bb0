namespace Fleet.ClusterManager.DataSources;

/// <summary>What a database server said, or why it said nothing; for users, without any password.</summary>
internal sealed class DatabaseException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The server answers, and the login, its database or its password is not known there.</summary>
    public bool IsLoginRefused { get; init; }
}
