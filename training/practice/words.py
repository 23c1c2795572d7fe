"""Why an exercise is done, or not yet: every verdict in words, with what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.words import Text

REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "done": Text("Đã làm xong và đã được ghi nhận.", "Done, and recorded."),
        "nothing_yet": Text(
            "Chưa thấy trong nhật ký. Nhật ký máy chủ thư về sau vài phút; nếu Ông/Bà vừa làm xong, xin chờ một chút.",
            "Nothing of it is in the logs yet. The mail server's log comes with a few minutes' delay; if you have just"
            " done it, please wait a little.",
        ),
        "not_looked": Text(
            "Bài đã bắt đầu. Xin làm các việc dưới đây; kết quả được xem lại vài phút một lần.",
            "It has begun. Please do what is said below; it is looked at every few minutes.",
        ),
        "no_mailbox": Text(
            "Danh bạ không có hộp thư riêng nào đứng tên Ông/Bà, nên bài này chưa làm được. Xin báo quản trị.",
            "The directory has no mailbox of your own, so this cannot be practised. Please tell the administrators.",
        ),
        "no_mail": Text(
            "Vanthu chưa gửi được thư, nên chưa có thư thực hành. Xin báo quản trị.",
            "Vanthu cannot send mail yet, so there is no practice message. Please tell the administrators.",
        ),
        "no_practice": Text(
            "Cơ quan chưa đặt địa chỉ thư thực hành. Xin báo quản trị.",
            "There is no address for practice messages yet. Please tell the administrators.",
        ),
        "somebody_else": Text(
            "Việc này đã có người làm, nhưng không phải bằng hộp thư hoặc tài khoản của Ông/Bà. Xin tự làm.",
            "Somebody did it, but not with your own mailbox or account. Please do it yourself.",
        ),
        "no_log_in": Text(
            "Có thư mang mã này, nhưng máy chủ không cho biết ai đã đăng nhập để gửi. Hãy gửi từ hộp thư công vụ.",
            "A message with this code came, but no server says who had logged in to send it. Please send it from your"
            " official mailbox.",
        ),
        "automatic": Text(
            "Thư có mã này do máy tự gửi (trả lời tự động, quy tắc). Xin tự tay gửi một thư.",
            "What came with this code was sent by a machine (an automatic reply, a rule). Please send one by hand.",
        ),
        "clock": Text(
            "Đồng hồ của máy chủ thư chạy sai, nên chưa thể ghi nhận. Xin báo quản trị; Ông/Bà không phải làm gì thêm.",
            "The mail server's clock is wrong, so nothing can be recorded yet. Please tell the administrators; there is"
            " nothing for you to do.",
        ),
        "before": Text(
            "Việc này có trước khi giao bài. Xin làm lại một lần.", "That was before you began. Please do it once more."
        ),
        "late": Text(
            "Việc này làm sau khi hết hạn. Hãy bắt đầu lại bài thực hành.",
            "That was after the time was over. Please begin the exercise again.",
        ),
        "used": Text(
            "Việc này đã được tính cho một bài khác. Xin làm lại một lần cho bài này.",
            "That was counted for another exercise. Please do it once more for this one.",
        ),
        "other_station": Text(
            "Việc này làm từ máy của một cán bộ khác. Xin tự làm từ máy hoặc điện thoại của mình.",
            "It was done from another official's workplace. Please do it yourself, on your own computer or phone.",
        ),
        "no_copy": Text(
            "Thư đã tới địa chỉ thứ nhất, nhưng chính lá thư đó chưa được đồng gửi tới địa chỉ thứ hai. Hãy gửi lại một"
            " thư có cả hai địa chỉ.",
            "The message went to the first address, but not to the second as well. Please send one message that has"
            " both.",
        ),
        "not_webmail": Text(
            "Thư đã được gửi, nhưng từ phần mềm thư chứ không từ trang thư (webmail). Hãy gửi lại từ trình duyệt.",
            "A message was sent, but by a mail program and not by webmail. Please send it once more from the browser.",
        ),
        "letter_not_there": Text(
            "Thư thực hành chưa vào hộp thư của Ông/Bà. Xin chờ vài phút; một giờ sau vẫn chưa có thì báo quản trị.",
            "The practice message has not come to your mailbox. Please wait a few minutes; if it is not there after an"
            " hour, tell the administrators.",
        ),
        "letter_waits": Text(
            "Thư thực hành đã vào hộp thư của Ông/Bà. Việc cần làm với thư đó chưa thấy trong nhật ký.",
            "The practice message is in your mailbox. What is to be done with it is not in the logs yet.",
        ),
        "before_letter": Text(
            "Việc này có trước khi thư thực hành tới. Xin làm lại với lá thư đó.",
            "That was before the practice message came. Please do it with that message.",
        ),
        "letter_copied": Text(
            "Có một thư khác mang cùng mã nhận dạng với thư thực hành, nên không thể ghi nhận. Hãy bắt đầu lại bài.",
            "Another message bears the id of the practice message, so nothing can be recorded. Please begin again.",
        ),
        "at_once": Text(
            "Việc này xảy ra ngay khi thư tới, như một quy tắc tự động. Hãy tắt quy tắc đó rồi bắt đầu lại bài.",
            "It happened the moment the message came, as a rule would do it. Switch that rule off and begin again.",
        ),
        "on_server": Text(
            "Thư được mở bằng trang thư (webmail), không cho biết Ông/Bà ở đâu. Hãy bắt đầu lại và mở bằng ứng dụng thư"
            " trên điện thoại.",
            "It was opened by webmail, which does not tell from where. Please begin again, and open it with the phone's"
            " mail app.",
        ),
        "one_network": Text(
            "Thư được mở từ chính mạng Ông/Bà dùng hằng ngày. Hãy bắt đầu lại, tắt Wi-Fi trên điện thoại rồi mở thư.",
            "It was opened from the very network that you use every day. Please begin again, switch the phone's Wi-Fi"
            " off, and open it there.",
        ),
        "forwarded": Text(
            "Thư thử đã bị một quy tắc chuyển đi nơi khác. Hãy tắt quy tắc chuyển tiếp rồi bắt đầu lại bài.",
            "A rule sent the trial message on. Please switch forwarding off, and begin again.",
        ),
        "settling": Text(
            "Thư thử đã nằm trong hộp thư. Đang chờ thêm vài phút xem nó có bị chuyển đi không.",
            "The trial message is in your mailbox. Waiting a few minutes more to see that it is not sent on.",
        ),
        "deputy_did": Text(
            "Người được ủy quyền đã làm thay Ông/Bà. Bài thực hành cần chính Ông/Bà làm.",
            "Your deputy did it in your place. This exercise has to be done by you.",
        ),
        "for_somebody": Text(
            "Ông/Bà đã làm việc này thay người khác. Bài thực hành cần làm với tên của chính mình.",
            "You did that in somebody else's place. This exercise has to be done in your own name.",
        ),
        "no_words": Text("Chưa có lời nào kèm theo. Xin viết lý do.", "There were no words with it. Please say why."),
        "faults": Text(
            "Bản lưu sau cùng còn lỗi thể thức. Hãy xem phần kiểm tra thể thức của văn bản.",
            "What was saved last still has faults of form. Please see the form check of the document.",
        ),
        "no_document": Text(
            "Chưa có văn bản thực hành. Hãy bấm nút để lấy văn bản.",
            "There is no practice document yet. Press the button to get it.",
        ),
        "office_nothing": Text(
            "Chưa thấy việc này với văn bản thực hành.", "It was not done with the practice document yet."
        ),
        "no_deputy": Text("Chưa thấy Ông/Bà ủy quyền cho ai.", "You have named no deputy yet."),
        "begun_again": Text("Bài này đã được bắt đầu lại.", "This was begun again."),
        "expired": Text(
            "Đã hết hạn mà chưa thấy việc này. Hãy bắt đầu lại bài thực hành.",
            "The time is over and it was not seen. Please begin the exercise again.",
        ),
        "course_over": Text(
            "Khóa học đã kết thúc trước khi bài này được ghi nhận.",
            "The course was over before this was recorded.",
        ),
    }
)
"""Key of a reason -> its sentence."""
