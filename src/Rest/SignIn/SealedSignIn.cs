using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Rest.SignIn;

/// <summary>
/// A step of a sign-in as it may lie in a table: without the key that only the browser has it tells nothing, neither what is in it nor whose it is. Pure but for the nonce.
/// </summary>
/// <param name="Id">By which it is found: SHA-256 of step and key, 32 bytes. The key has 256 bits of chance, so nobody gets from one to the other.</param>
/// <param name="Content">Nonce of 12 bytes, tag of 16, then the JSON by AES-256-GCM under a key that HKDF derives from step and key.</param>
public sealed record SealedSignIn(byte[] Id, byte[] Content)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] IdOf<T>(SignInStep<T> step, string key) where T : class => SHA256.HashData(Encoding.UTF8.GetBytes($"fleet sign-in {step.Name}\n{key}"));

    public static SealedSignIn Seal<T>(SignInStep<T> step, string key, T what) where T : class
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(what, step.Json);
        var id = IdOf(step, key);
        var content = new byte[NonceLength + TagLength + plain.Length];
        RandomNumberGenerator.Fill(content.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(SecretOf(step, key), TagLength);
        cipher.Encrypt(content.AsSpan(0, NonceLength), plain, content.AsSpan(NonceLength + TagLength), content.AsSpan(NonceLength, TagLength), id);
        CryptographicOperations.ZeroMemory(plain);
        return new(id, content);
    }

    /// <returns>Null for what was not sealed so: for another step, by another key, or changed since.</returns>
    public static T? Open<T>(SignInStep<T> step, string key, byte[] content) where T : class
    {
        if (content.Length < NonceLength + TagLength)
            return null;
        var plain = new byte[content.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(SecretOf(step, key), TagLength);
        try
        {
            cipher.Decrypt(content.AsSpan(0, NonceLength), content.AsSpan(NonceLength + TagLength), content.AsSpan(NonceLength, TagLength), plain, IdOf(step, key));
            return JsonSerializer.Deserialize(plain, step.Json);
        }
        catch (Exception e) when (e is AuthenticationTagMismatchException or JsonException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] SecretOf<T>(SignInStep<T> step, string key) where T : class =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key), outputLength: 32, info: Encoding.UTF8.GetBytes($"fleet sign-in {step.Name} content"));
}
