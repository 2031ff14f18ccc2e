"""The labels of values: statuses, kinds, priorities, roles and commands, and the reasons that a plant may give."""

from collections.abc import Mapping

from chalicelib.domain.labels import Label, Labels

_ORDER_STATUS = {
    "planned": Label("planlandı", "planned"),
    "in_progress": Label("devam ediyor", "in progress"),
    "done": Label("bitti", "done"),
    "cancelled": Label("iptal edildi", "cancelled"),
}

VALUES: Mapping[str, Labels] = {
    "order_status": _ORDER_STATUS,
    "stage_status": _ORDER_STATUS | {"paused": Label("duraklatıldı", "paused"), "skipped": Label("atlandı", "skipped")},
    "flow": {
        "free": Label("serbest", "free"),
        "sequential": Label("sıralı", "one stage after the other"),
        "streaming": Label("akışlı", "piece by piece"),
    },
    "session_kind": {
        "run": Label("üretim", "run"),
        "setup": Label("ayar", "setup"),
        "rework": Label("yeniden işleme", "rework"),
        "breakdown": Label("arıza", "breakdown"),
    },
    "session_end": {
        "hold": Label("iş emri durduruldu", "order held"),
        "cancel": Label("iş emri iptal edildi", "order cancelled"),
        "shift_end": Label("vardiya bitti", "end of shift"),
        "issue": Label("sorun engelledi", "blocked by an issue"),
    },
    "issue_type": {
        "machine_failure": Label("makine arızası", "machine failure"),
        "material_shortage": Label("malzeme eksikliği", "material shortage"),
        "quality": Label("kalite", "quality"),
        "tooling": Label("takım ve kalıp", "tooling"),
        "safety": Label("iş güvenliği", "safety"),
        "operator": Label("operatör", "operator"),
        "other": Label("diğer", "other"),
    },
    "issue_status": {
        "open": Label("açık", "open"),
        "ack": Label("ilgileniliyor", "acknowledged"),
        "resolved": Label("çözüldü", "resolved"),
    },
    "issue_priority": {
        "low": Label("düşük", "low"),
        "normal": Label("normal", "normal"),
        "high": Label("yüksek", "high"),
        "critical": Label("kritik", "critical"),
    },
    "attachment_type": {
        "image/jpeg": Label("JPEG resmi", "JPEG picture"),
        "image/png": Label("PNG resmi", "PNG picture"),
        "image/webp": Label("WebP resmi", "WebP picture"),
        "application/pdf": Label("PDF belgesi", "PDF document"),
    },
    "attachment_refusal": {
        "other_type": Label("bildirilen türden değil", "not of the declared type"),
        "damaged": Label("okunamıyor", "cannot be read"),
        "too_many_pixels": Label("çok büyük", "too many pixels"),
        "replaced": Label("onaydan sonra değiştirildi", "replaced after it was confirmed"),
    },
    "machine_status": {
        "active": Label("kullanımda", "in use"),
        "maintenance": Label("bakımda", "in maintenance"),
        "retired": Label("kullanım dışı", "retired"),
    },
    "machine_state": {
        "producing": Label("üretiyor", "producing"),
        "idle": Label("boşta", "idle"),
        "setup": Label("ayarda", "setup"),
        "planned_stop": Label("planlı duruş", "planned stop"),
        "unplanned_stop": Label("plansız duruş", "unplanned stop"),
        "off": Label("kapalı", "off"),
        "unknown": Label("bilinmiyor", "unknown"),
    },
    "role": {
        "admin": Label("yönetici", "admin"),
        "planner": Label("planlamacı", "planner"),
        "worker": Label("çalışan", "worker"),
    },
    "command": {
        "start": Label("başlat", "start"),
        "pause": Label("duraklat", "pause"),
        "report": Label("bildir", "report"),
        "done": Label("bitir", "finish"),
        "book": Label("çalışma kaydet", "book a session"),
        "correct": Label("düzelt", "correct"),
        "assign": Label("ata", "assign"),
        "replan": Label("yeniden planla", "replan"),
        "skip": Label("atla", "skip"),
        "reopen": Label("yeniden aç", "reopen"),
        "hold": Label("durdur", "hold"),
        "release": Label("devam ettir", "release"),
        "cancel": Label("iptal et", "cancel"),
        "issue": Label("sorun bildir", "report an issue"),
        "note": Label("not yaz", "write a note"),
        "acknowledge": Label("ilgilen", "acknowledge"),
        "resolve": Label("çöz", "resolve"),
        "withdraw": Label("geri çek", "withdraw"),
    },
    "unit": {"piece": Label("parça", "piece")},
}

# Those that every plant has until it makes its own lists. A code of its own is its own label.
REASONS: Mapping[str, Labels] = {
    "pause_reason": {
        "break": Label("mola", "break"),
        "shift_end": Label("vardiya sonu", "end of shift"),
        "material": Label("malzeme", "material"),
        "machine": Label("makine", "machine"),
        "quality": Label("kalite", "quality"),
        "other": Label("diğer", "other"),
    },
    "scrap_reason": {
        "dimension": Label("ölçü", "dimension"),
        "surface": Label("yüzey", "surface"),
        "material": Label("malzeme", "material"),
        "setup": Label("ayar", "setup"),
        "other": Label("diğer", "other"),
    },
    "stop_reason": {
        "breakdown": Label("arıza", "breakdown"),
        "material": Label("malzeme", "material"),
        "setup": Label("ayar", "setup"),
        "quality": Label("kalite", "quality"),
        "operator": Label("operatör yok", "no operator"),
        "break": Label("mola", "break"),
        "other": Label("diğer", "other"),
    },
}
