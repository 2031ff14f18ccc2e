"""The details of errors in Turkish: what stands in the way, and what to do."""

DETAILS = {
    # sign-in and people
    "Send the header Authorization: Bearer <access_token>, as POST /auth/login gives it.": (
        "Authorization: Bearer <access_token> başlığını, POST /auth/login'in verdiği gibi gönderin."
    ),
    "Get another with POST /auth/refresh; if that is refused too, sign in again.": (
        "POST /auth/refresh ile yenisini alın; o da reddedilirse yeniden oturum açın."
    ),
    "Takip does not accept this token. {instead}": "Takip bu belirteci kabul etmiyor. {instead}",
    "This token is not valid yet. {instead}": "Bu belirteç henüz geçerli değil. {instead}",
    "Sign in again.": "Yeniden oturum açın.",
    "It was used before, so this device was signed out. Sign in again.": (
        "Daha önce kullanıldığı için bu cihazın oturumu kapatıldı. Yeniden oturum açın."
    ),
    "Check them, and try again.": "Bilgileri denetleyip yeniden deneyin.",
    "A planner or an admin enrols it again with POST /terminals.": (
        "Bir planlamacı ya da yönetici onu POST /terminals ile yeniden kaydeder."
    ),
    "GET /terminals lists the terminals.": "GET /terminals ortak cihazları listeler.",
    "Too many wrong PINs were tried. A planner gives you another one.": (
        "Çok fazla yanlış PIN denendi. Bir planlamacı size yenisini verir."
    ),
    "Take it from them first, or give another one.": "Önce ondan geri alın ya da başka bir kart verin.",
    "Sign in with your password on your own device.": "Kendi cihazınızda parolanızla oturum açın.",
    "Only an admin may do this for a {role}.": "Bunu rolü {role} olan biri için yalnızca bir yönetici yapabilir.",
    "A planner or an admin gives you a badge.": "Kartı size bir planlamacı ya da yönetici verir.",
    "Check both, and try again.": "İkisini de denetleyip yeniden deneyin.",
    "Wait {seconds} seconds, then try again.": "{seconds} saniye bekleyip yeniden deneyin.",
    "This account does not exist any more.": "Bu hesap artık yok.",
    "This account is no longer active; ask an admin to activate it.": (
        "Bu hesap artık etkin değil; bir yöneticiden etkinleştirmesini isteyin."
    ),
    "Ask an admin to activate it.": "Bir yöneticiden etkinleştirmesini isteyin.",
    "Ask an admin for a new one-time password.": "Bir yöneticiden yeni bir tek kullanımlık parola isteyin.",
    "Ask an admin to register you.": "Bir yöneticiden sizi kaydetmesini isteyin.",
    "{action} is for {roles}; you are signed in as {role}.": (
        "{action} şu roller için: {roles}; sizin rolünüz: {role}."
    ),
    "Until then you can only read GET /auth/me, change the password and sign out.": (
        "O zamana kadar yalnızca GET /auth/me'yi okuyabilir, parolayı değiştirebilir ve oturumu kapatabilirsiniz."
    ),
    "Make somebody else an admin first.": "Önce başka birini yönetici yapın.",
    "Change it with POST /auth/password and your current password.": (
        "POST /auth/password ile, şimdiki parolanızı vererek değiştirin."
    ),
    "Choose another username than {username}.": "{username} dışında bir kullanıcı adı seçin.",
    "There is no user {user_id}.": "{user_id} kimlikli kullanıcı yok.",
    "GET /auth/devices lists your devices.": "GET /auth/devices cihazlarınızı listeler.",
    # work orders and stages
    "There is no work order {order_id}.": "{order_id} kimlikli iş emri yok.",
    "There is no stage {stage_id}.": "{stage_id} kimlikli aşama yok.",
    "Work order {order_id} already exists; choose another id, or leave it out.": (
        "{order_id} kimlikli iş emri zaten var; başka bir kimlik seçin ya da boş bırakın."
    ),
    "Number {number} is in use; choose another, or leave it out.": (
        "{number} numarası kullanılıyor; başka bir numara seçin ya da boş bırakın."
    ),
    "Order {order_id} is {order_status}, not held since {since}; {command} is not possible.": (
        "{order_id} iş emrinin durumu {since} tarihinden beri: {order_status}, durdurulmamış; yapılamaz: {command}."
    ),
    "Order {order_id} is {order_status}, held since {since}; {command} is not possible.": (
        "{order_id} iş emrinin durumu: {order_status}, {since} tarihinden beri durdurulmuş; yapılamaz: {command}."
    ),
    "Stage {stage_id} is {stage_status} since {since}; {command} is not possible.": (
        "{stage_id} aşamasının durumu {since} tarihinden beri: {stage_status}; yapılamaz: {command}."
    ),
    "Held since {since}: {reason}": "{since} tarihinden beri durdurulmuş: {reason}",
    "Blocked since {since} by {issues}.": "{since} tarihinden beri engelli; nedeni: {issues}.",
    "The work was stopped.": "İş durduruldu.",
    "{obstacle} Only work that ended before that can be booked.": (
        "{obstacle} Yalnızca bundan önce biten işler kaydedilebilir."
    ),
    "The flow is {flow}; stage {position} must come first.": (
        "İş emrinin akışı: {flow}. Önce {position}. aşama yapılmalı."
    ),
    "Open a new work order instead.": "Bunun yerine yeni bir iş emri açın.",
    "You are no longer assigned to this stage; you may pause or report your open session.": (
        "Artık bu aşamaya atanmış değilsiniz; açık çalışmanızı duraklatabilir ya da bildirebilirsiniz."
    ),
    "At most {left} more good pieces are allowed here ({allowed} in total); a planner may exceed this with a reason.": (
        "Burada en çok {left} sağlam parça daha yapılabilir (toplam {allowed}); bir planlamacı gerekçe yazarak bunu "
        "aşabilir."
    ),
    "Stage {position} would use {taken} pieces; first report what the stage before made.": (
        "{position}. aşama {taken} parça kullanmış olur; önce önceki aşamanın ürettiğini bildirin."
    ),
    "The session is open since {since}; pause it first.": (
        "Çalışma {since} tarihinden beri açık; önce onu duraklatın."
    ),
    "An order has at most {most} open sessions; pause or finish some first.": (
        "Bir iş emrinde en çok {most} açık çalışma olabilir; önce birkaçını duraklatın ya da bitirin."
    ),
    "Leave worker_id out, or ask a planner.": "worker_id göndermeyin ya da bir planlamacıya başvurun.",
    "Leave worker out, or send worker=me.": "worker göndermeyin ya da worker=me gönderin.",
    "Start the stage for this worker first.": "Önce aşamayı bu çalışan için başlatın.",
    "Pause the session first, then correct it.": "Önce çalışmayı duraklatın, sonra düzeltin.",
    "There is no session {session_id} on this stage.": "Bu aşamada {session_id} kimlikli çalışma kaydı yok.",
    "Session {session_id} replaces it; correct that one.": "Yerine {session_id} geçti; onu düzeltin.",
    "If this work should count, book a new session.": "Bu iş sayılacaksa yeni bir çalışma kaydedin.",
    "Correct your own sessions within {hours} hours after booking, or ask a planner.": (
        "Kendi çalışmalarınızı kaydettikten sonra {hours} saat içinde düzeltin ya da bir planlamacıya başvurun."
    ),
    "{command} is unknown; use one of {allowed}.": "{command} bilinmiyor; şunlardan birini kullanın: {allowed}.",
    "It was not tried, because of {command_id}. Settle that, then send this again.": (
        "{command_id} yüzünden denenmedi. Önce onu çözün, sonra bunu yeniden gönderin."
    ),
    # issues and attachments
    "There is no issue {issue_id}.": "{issue_id} kimlikli sorun yok.",
    "Issue {issue_id} is open; change that one, or resolve it first.": (
        "{issue_id} kimlikli sorun açık; onu değiştirin ya da önce onu çözün."
    ),
    "Issue {issue_id} is {issue_status} since {since}; {command} is not possible.": (
        "{issue_id} kimlikli sorunun durumu {since} tarihinden beri: {issue_status}; yapılamaz: {command}."
    ),
    "You may send only a note, or status resolved and cause withdrawn for an issue that you reported; "
    "ask a planner for other changes.": (
        "Yalnızca not gönderebilir ya da kendi bildirdiğiniz bir sorun için status resolved ve cause withdrawn "
        "gönderebilirsiniz; başka değişiklikler için bir planlamacıya başvurun."
    ),
    "There is no attachment {attachment_id}; what is not confirmed within an hour is forgotten.": (
        "{attachment_id} kimlikli ek yok; bir saat içinde onaylanmayan ek unutulur."
    ),
    "An issue has at most {most} attachments.": "Bir sorunun en çok {most} eki olabilir.",
    "Send the file with the form first, then confirm it.": "Önce dosyayı formla gönderin, sonra onaylayın.",
    "Declared: {declared}. Uploaded: {uploaded}. Ask for a new form.": (
        "Bildirilen: {declared}. Yüklenen: {uploaded}. Yeni bir form isteyin."
    ),
    # how requests are sent
    "This app is version {version}; {least} or later is needed. Update it, then go on: nothing is lost.": (
        "Bu uygulamanın sürümü {version}; {least} ya da sonrası gerekiyor. Güncelleyip devam edin: bir şey kaybolmaz."
    ),
    "Read it again, then send the new ETag as If-Match.": "Yeniden okuyun, sonra yeni ETag'i If-Match olarak gönderin.",
    "Read it first, then send its ETag as If-Match; * accepts any version.": (
        "Önce okuyun, sonra ETag'ini If-Match olarak gönderin; * her sürümü kabul eder."
    ),
    "If-Match must be an ETag that the API returned, a list of them, or *.": (
        "If-Match, API'nin verdiği bir ETag, bunların bir listesi ya da * olmalı."
    ),
    "Idempotency-Key must be {least} to {most} printable ASCII characters.": (
        "Idempotency-Key {least} ile {most} arası yazdırılabilir ASCII karakter olmalı."
    ),
    "Use a new key for a new request; keys are remembered for {days} days.": (
        "Yeni bir istek için yeni bir anahtar kullanın; anahtarlar {days} gün hatırlanır."
    ),
    "Send the request again with the same Idempotency-Key.": "İsteği aynı Idempotency-Key ile yeniden gönderin.",
    "Send next_cursor unchanged with the same filters, or leave cursor out to read the first page.": (
        "next_cursor'ı değiştirmeden, aynı süzgeçlerle gönderin ya da ilk sayfayı okumak için cursor göndermeyin."
    ),
    "Load the page again: it names the files of this version.": (
        "Sayfayı yeniden yükleyin: bu sürümün dosyalarını adlandırır."
    ),
    "Check whether it is a label of this plant; a worker finds only what is theirs.": (
        "Bu tesisin bir etiketi mi, denetleyin; çalışan yalnızca kendine ait olanı bulur."
    ),
    "Use ids exactly as the API returned them.": "Kimlikleri API'nin verdiği gibi kullanın.",
    "The body must be one JSON object in UTF-8, in which no name stands twice.": (
        "Gövde, UTF-8 ile yazılmış, hiçbir adın iki kez geçmediği tek bir JSON nesnesi olmalı."
    ),
    "Send the body with Content-Type: application/json.": "Gövdeyi Content-Type: application/json ile gönderin.",
    "At most {most} KB; send it in parts.": "En çok {most} KB; parçalar hâlinde gönderin.",
    "The query string may have at most {most} characters; ask in several requests.": (
        "Sorgu dizesi en çok {most} karakter olabilir; birkaç istekte sorun."
    ),
    "dry_run must be one of {allowed}, and be given once.": (
        "dry_run şunlardan biri olmalı ve bir kez verilmeli: {allowed}."
    ),
    "bom is for {media_type}; JSON has none.": "bom, {media_type} içindir; JSON'da yoktur.",
    "separator is for {media_type}; JSON has none.": "separator, {media_type} içindir; JSON'da yoktur.",
    "Send the header Accept with one of {offered}.": "Accept başlığını şunlardan biriyle gönderin: {offered}.",
    "The error was logged under this request_id; try again, or report it.": (
        "Hata bu request_id ile günlüğe yazıldı; yeniden deneyin ya da bildirin."
    ),
    "The table holds schemas {lowest} to {highest}; this release knows {oldest} to {newest}. "
    "Run takip.py migrate with the release that knows both.": (
        "Tabloda {lowest} ile {highest} arası şemalar var; bu sürüm {oldest} ile {newest} arasını bilir. "
        "takip.py migrate komutunu ikisini de bilen sürümle çalıştırın."
    ),
    "Migration {number} ({direction}) was begun and has not ended. Run it to its end first.": (
        "{number}. geçiş ({direction}) başlatıldı ve bitmedi. Önce onu sonuna kadar çalıştırın."
    ),
    "Try again in a moment.": "Birazdan yeniden deneyin.",
    "Confirm it again in a moment.": "Birazdan yeniden onaylayın.",
    # what is asked for
    "from must not be after to.": "from, to'dan sonra olamaz.",
    "from must not be after to; the range may have at most {most} days.": (
        "from, to'dan sonra olamaz; aralık en çok {most} gün olabilir."
    ),
    "to must be after from.": "to, from'dan sonra olmalı.",
    "from and to may be {hours} hours apart at most; ask for one window after the other.": (
        "from ile to arası en çok {hours} saat olabilir; aralıkları ardı ardına sorun."
    ),
    "from and to may be {days} days apart at most; ask for one window after the other.": (
        "from ile to arası en çok {days} gün olabilir; aralıkları ardı ardına sorun."
    ),
    "from and to are too far apart: in more than {most} hours the states changed too often for one request, "
    "or were stored by an earlier release.": (
        "from ile to birbirinden çok uzak: {most} saatten fazlasında durumlar tek istek için çok sık değişti ya da "
        "önceki bir sürümde saklandı."
    ),
    "since must not be after before.": "since, before'dan sonra olamaz.",
    "due_after must not be after due_before.": "due_after, due_before'dan sonra olamaz.",
    "status: ask for ended stages (done, skipped, cancelled) in a request of their own.": (
        "status: biten aşamaları (done, skipped, cancelled) ayrı bir istekte sorun."
    ),
    "status=resolved cannot be combined with open or ack in a list of the whole plant; ask for them one "
    "after the other, or name a work_order_id or stage_id.": (
        "Bütün tesisin listesinde status=resolved, open ya da ack ile birlikte kullanılamaz; ardı ardına sorun ya da "
        "work_order_id veya stage_id verin."
    ),
    "stage_id must be the id of a stage, such as {example}.": "stage_id bir aşama kimliği olmalı, örneğin {example}.",
    "Give machine_id or stage_id, one of them.": "machine_id ya da stage_id verin, yalnızca birini.",
    "explain does not go with per: it shows a day, a group or a shift of the plant.": (
        "explain, per ile birlikte olmaz: bir günü, bir grubu ya da işletmenin bir vardiyasını gösterir."
    ),
    "explain shows one day: from and to must be the same.": "explain tek bir günü gösterir: from ile to aynı olmalı.",
    "explain shows one value: give group_by and value, or neither.": (
        "explain tek bir değeri gösterir: group_by ile value'yu birlikte verin ya da hiçbirini vermeyin."
    ),
    "value needs group_by: say of what it is a value.": "value için group_by gerekir: neyin değeri olduğunu belirtin.",
    "Shifts are shown for at most {days} days; ask for fewer at once.": (
        "Vardiyalar en çok {days} gün için gösterilir; bir seferde daha azını sorun."
    ),
    "{number} stages were worked on there, {most} are the most; ask for a shorter window.": (
        "Orada {number} aşamada çalışıldı, en çok {most} olabilir; daha kısa bir aralık sorun."
    ),
    "These are {number} machines; of such a window {most} are the most. Ask for a line, or a shorter one.": (
        "Bunlar {number} makine; böyle bir aralık için en çok {most} olabilir. Bir hat ya da daha kısasını sorun."
    ),
}
