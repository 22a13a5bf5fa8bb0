namespace Fleet.Rest.SignIn;

/// <summary>Where sealed sign-ins wait. Every failure is a <see cref="Problems.ProblemException"/> of 503.</summary>
internal interface ISignInStore
{
    /// <summary>False when too many wait.</summary>
    Task<bool> TryAddAsync(SealedSignIn one, TimeSpan lasts, CancellationToken ct);

    /// <summary>To one of those who ask, whoever and wherever they are; null for what is not there, is over, or was taken.</summary>
    Task<byte[]?> TakeAsync(byte[] id, CancellationToken ct);
}
