"""What Takip says to the old mobile app, in Turkish. That app shows people the details of errors as they come."""

OLD_APP = {
    "Change your password first, then sign in again with the new one.": (
        "Önce parolanızı değiştirin, sonra yeni parolayla yeniden oturum açın."
    ),
    "Install the new Takip app and sign in there, with the same name and password.": (
        "Yeni Takip uygulamasını kurun ve orada aynı ad ve parolayla oturum açın."
    ),
    "The old app is switched off": "Eski uygulama kapatıldı",
    "This is not here, or it is not yours. Read the list again.": (
        "Bu kayıt burada yok ya da sizin değil. Listeyi yeniden açın."
    ),
    "You are not signed in any more. Sign in again.": "Oturumunuz kapandı. Yeniden oturum açın.",
    "Others are changing the same right now. Try again in a moment.": (
        "Başkaları şu anda aynı şeyi değiştiriyor. Birazdan yeniden deneyin."
    ),
    "Something went wrong in Takip. Try again; if it comes back, tell whoever runs Takip.": (
        "Takip'te bir şey ters gitti. Yeniden deneyin; yine olursa Takip'i çalıştıran kişiye söyleyin."
    ),
    "Another machine has this name. Choose another name.": "Bu ad başka bir makinede kullanılıyor. Başka bir ad seçin.",
    "must be given with cavity_count": "cavity_count ile birlikte verilmeli",
    "Your role may not do this.": "Rolünüz bunu yapamaz.",
    "must be a time such as {example}": "{example} gibi bir zaman olmalı",
    # ids that are numbers
    "Another record has this number": "Bu numara başka bir kayıtta kullanılıyor",
    "Nothing here has this number": "Burada bu numaralı bir kayıt yok",
    "Nothing here has the number {number}; read the list again.": (
        "Burada {number} numaralı kayıt yok; listeyi yeniden açın."
    ),
    "must be from {least} to {most}": "{least} ile {most} arasında olmalı",
    "stands for several records; give each its own number": "birden çok kayıtta var; her kayda ayrı bir numara verin",
    "{kind} {number} cannot be {id}: {stored_number} is {stored_id} already. "
    "Import into a tenant of its own, or leave this one out.": (
        "{kind} {number}, {id} olamaz: {stored_number} zaten {stored_id}. "
        "Ayrı bir şirkete aktarın ya da bunu dışarıda bırakın."
    ),
    # products and moulds
    "stays as it is; register another one with this code": "değişmez; bu kodla yenisini kaydedin",
    "stays as it is; add the mould to the other product": "değişmez; kalıbı öteki ürüne ekleyin",
}
